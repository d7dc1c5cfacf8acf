/** Draws a strip of the hero: a thin row for each contender. The page and the file share it. */
import type { Link } from "../chain/chain.ts";
import type { Ink } from "../palette.ts";
import { type SvgNode, svg } from "../svg.ts";
import { type Hero, overlapOf, type Strip } from "./hero.ts";

/** The kinds of marks from back to front, with their colours and their names in the key. */
export const marks = {
  quiet: { ink: "line", is: "stroke", name: "sleeps" },
  woken: { ink: "warn", is: "fill", name: "woken" },
  reads: { ink: "notification", is: "fill", name: "reads the list" },
  armed: { ink: "accent", is: "fill", name: "watches again" },
  leads: { ink: "good", is: "fill", name: "leads" },
  believes: { ink: "bad", is: "fill", name: "still believes that it leads" },
  cut: { ink: "bad", is: "stroke", name: "cut off" },
  fault: { ink: "bad", is: "stroke", name: "the fault" },
  claim: { ink: "good", is: "stroke", name: "the claim" },
} as const satisfies Readonly<
  Record<string, { readonly ink: Ink; readonly is: "fill" | "stroke"; readonly name: string }>
>;

export type Mark = keyof typeof marks;

export const markNames = Object.keys(marks) as Mark[];

/** A mark for the key, on a canvas of 10 × 10. */
export function sampleOf(name: Mark): SvgNode {
  const shapes: Partial<Record<Mark, string>> = { fault: "M5 0V10", cut: "M0 5H10", woken: "M0 4h10v2H0Z" };
  const shape = shapes[name] ?? "M0 2h10v6H0Z";
  return svg("path", { class: `mark-${name}`, d: shape });
}

/** CSS for all marks. */
export function markStyle(colour: (ink: Ink) => string): string {
  return markNames
    .map((name) => {
      const { ink, is } = marks[name];
      return `.mark-${name}{${is}:${colour(ink)}${is === "stroke" ? ";fill:none" : ""}}`;
    })
    .join("");
}

/** A row of fewer pixels has no line of its own. */
const LEAST_PITCH = 2.4;
const LEAST_WIDTH = 3;
/** A watch is armed in a moment, which has to be seen. */
const ARMED = 5;

/** The height that suits so many rows, in pixels. */
export function stripHeight(rows: number, most = 150): number {
  return Math.min(most, Math.max(44, rows * 14));
}

/** A stretch of time in a row. */
interface Span {
  readonly row: number;
  readonly from: number;
  readonly to: number;
}

/** The height of a mark, in pixels: what leads is taller, since there is only one; a mere waking is thin. */
function tallOf(name: Mark, pitch: number): number {
  const [least, share] =
    name === "leads" || name === "believes" ? [5, 0.8] : name === "woken" ? [0.8, 0.3] : [1, 0.8];
  return Math.min(9, Math.max(least, pitch * share));
}

/** One node for each kind of mark. Strokes keep their width if the picture is stretched. */
export function stripPicture(strip: Strip, hero: Hero, width: number, height: number): SvgNode[] {
  const pitch = height / strip.rows.length;
  const x = (at: number) => {
    const share = (at - strip.origin - hero.from) / (hero.to - hero.from);
    return width * Math.min(1, Math.max(0, share));
  };
  const box = (name: Mark, { row, from, to }: Span): string => {
    const tall = tallOf(name, pitch);
    const top = Math.min(height - tall, Math.max(0, (row + 0.5) * pitch - tall / 2));
    const least = name === "armed" ? ARMED : LEAST_WIDTH;
    const left = Math.min(x(from), width - least);
    const long = Math.max(least, x(to) - left);
    return `M${fixed(left)} ${fixed(top)}h${fixed(long)}v${fixed(tall)}h${fixed(-long)}z`;
  };
  const line = ({ row, from, to }: Span) =>
    `M${fixed(x(from))} ${fixed((row + 0.5) * pitch)}H${fixed(x(to))}`;
  const upright = (at: number) => `M${fixed(x(at))} 0V${height}`;
  const spans = spansOf(strip, hero);
  const quiet: Span[] = strip.rows.map((_, row) => ({
    row,
    from: hero.from + strip.origin,
    to: hero.to + strip.origin,
  }));
  const { leads } = strip.chain.episode;
  const paths: Readonly<Record<Mark, readonly string[]>> = {
    quiet: pitch < LEAST_PITCH ? [] : quiet.map(line),
    cut: spans.cut.map(line),
    woken: spans.woken.map((span) => box("woken", span)),
    reads: spans.reads.map((span) => box("reads", span)),
    armed: spans.armed.map((span) => box("armed", span)),
    leads: spans.leads.map((span) => box("leads", span)),
    believes: spans.believes.map((span) => box("believes", span)),
    fault: hero.afterWait ? [] : [upright(0)],
    claim: leads === null ? [] : [upright(leads)],
  };
  return markNames.flatMap((name) =>
    paths[name].length === 0
      ? []
      : svg("path", {
          class: `mark-${name}`,
          "vector-effect": "non-scaling-stroke",
          d: paths[name].join(""),
        }),
  );
}

function fixed(value: number): number {
  return Math.round(value * 10) / 10;
}

type Spans = Readonly<Record<Exclude<Mark, "quiet" | "fault" | "claim">, Span[]>>;

function spansOf(strip: Strip, hero: Hero): Spans {
  const [before, after] = [hero.from + strip.origin, hero.to + strip.origin];
  const spans: Spans = { cut: [], woken: [], reads: [], armed: [], leads: [], believes: [] };
  strip.rows.forEach((link, row) => {
    const { notified, reading, read, leads, ended, armed, cut } = link;
    if (cut !== null) spans.cut.push({ row, from: cut.from, to: cut.to ?? after });
    if (notified !== null) spans.woken.push({ row, from: notified, to: wokenUntil(link) });
    if (reading !== null) spans.reads.push({ row, from: reading, to: read ?? after });
    if (armed !== null) spans.armed.push({ row, from: armed, to: armed });
    if (leads !== null) spans.leads.push({ row, from: leads, to: ended ?? after });
  });
  addOldLeader(spans, strip, before, after);
  return spans;
}

/** The moment when it leads or waits again, or the last that is known. */
function wokenUntil({ notified, reading, read, rests }: Link): number {
  return Math.max(notified ?? 0, reading ?? 0, read ?? 0, rests ?? 0);
}

/** The leader at the time of the fault: it leads on, or until the fault; or it believes so beside another. */
function addOldLeader(spans: Spans, { chain, rows }: Strip, before: number, after: number): void {
  const { episode, line } = chain;
  const old = line[0];
  const row = old === undefined ? -1 : rows.indexOf(old);
  if (old === undefined || row === -1 || old.leads !== null) return;
  const isLeft = episode.expects.contendersStay !== true && episode.victims.includes(old.candidate);
  if (!isLeft) spans.leads.push({ row, from: before, to: after });
  else if (before < 0) spans.leads.push({ row, from: before, to: 0 });
  const overlap = overlapOf(episode);
  if (overlap === null || episode.leads === null) return;
  spans.believes.push({ row, from: Math.max(0, before), to: episode.leads + overlap });
}

/** The kinds of marks to explain: those that occur. */
export function marksIn(hero: Hero): Mark[] {
  const all = hero.strips.flatMap((strip) =>
    Object.entries(spansOf(strip, hero)).flatMap(([name, spans]) => (spans.length > 0 ? [name] : [])),
  );
  if (!hero.afterWait) all.push("fault");
  return markNames.filter((name) => all.includes(name));
}
