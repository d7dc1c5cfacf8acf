/**
 * Draws one step of a chain: contenders as boxes from the leader down, with an arrow from each to what it
 * watches. The written page and the browser share this function.
 */
import type { Watched } from "../../history/line.ts";
import { type SvgNode, svg } from "../svg.ts";
import { duration } from "../timeline/time-scale.ts";
import type { Chain, Link } from "./chain.ts";
import { isCut, type StepName, since, stepNames, stepSentence } from "./chain-steps.ts";

const WIDTH = 400;
const BOX = { x: 96, width: 84, height: 28 };
const PITCH = 44;
/** The number of boxes before the rest is only counted; the last one stands after it. */
const FIRST = 8;

type Row =
  | { readonly type: "list" }
  | { readonly type: "link"; readonly link: Link }
  | { readonly type: "more"; readonly links: readonly Link[] };

export function chainFigure(chain: Chain, step: StepName): SvgNode {
  const rows = rowsOf(chain);
  const height = rows.length * PITCH + 4;
  const sentence = stepSentence(chain, step);
  // If no arrow goes around in any step, there is nothing to the left of the boxes.
  const left = rows.some((row, index) => goesAround(rows, row, index)) ? 0 : BOX.x - 14;
  return svg(
    "svg",
    {
      viewBox: `${left} 0 ${WIDTH} ${height}`,
      role: "img",
      "aria-label": `${chain.header.scheme}: ${sentence}`,
    },
    ...rows.flatMap((row, index) => arrowsOf(chain, step, rows, row, index)),
    ...rows.flatMap((row, index) => boxOf(chain, step, row, topOf(index))),
  );
}

const topOf = (index: number) => index * PITCH + 6;

function rowsOf({ line, episode }: Chain): Row[] {
  const victim = line.findIndex(({ candidate }) => candidate === episode.victims[0]);
  const near = victim < FIRST - 1 ? [] : [victim - 1, victim, victim + 1];
  const first = near.length === 0 ? FIRST : FIRST - 4;
  const rows: Row[] = line.some(({ watches }) => watches === "children") ? [{ type: "list" }] : [];
  let hidden: Link[] = [];
  line.forEach((link, index) => {
    const alone = hidden.length === 0 && index === line.length - 2;
    if (index < first || index === line.length - 1 || near.includes(index) || (alone && near.length === 0)) {
      if (hidden.length > 0) rows.push({ type: "more", links: hidden });
      hidden = [];
      rows.push({ type: "link", link });
    } else hidden.push(link);
  });
  return rows;
}

const reached = (step: StepName, mark: StepName) => stepNames.indexOf(step) >= stepNames.indexOf(mark);

type BoxState = "leader" | "waiting" | "gone" | "notified" | "reading";

function stateOf({ episode, line }: Chain, link: Link, step: StepName): BoxState {
  const isStruck = episode.victims.includes(link.candidate) && reached(step, "gone");
  if (isStruck && episode.expects.contendersStay !== true) return "gone";
  if (link.candidate === episode.successor && reached(step, "leads")) return "leader";
  if (link === line[0]) return "leader";
  if (step === "settled") return "waiting";
  if (link.reading !== null && reached(step, "reads")) return "reading";
  return link.notified !== null && reached(step, "notified") ? "notified" : "waiting";
}

/** An event of a contender in a step: as text for one, and for many. */
interface Note {
  readonly one: string;
  readonly many: string;
}

/** The note beside a box. */
function noteOf(chain: Chain, link: Link, step: StepName): Note {
  const state = stateOf(chain, link, step);
  const time = (ns: number | null) => (ns === null ? "" : ` ${since(ns)}`);
  const asleep = { one: "sleeps on", many: "sleep on" };
  if (isCut(chain, link, step)) return { one: cutNote(chain, link, state), many: "cut off" };
  if (state === "gone") return { one: "gone", many: "gone" };
  if (state === "leader") {
    const when = reached(step, "leads") ? time(link.leads) : "";
    return { one: `leads${when}`, many: "leads" };
  }
  if (step === "settled") {
    return link.armed === null ? asleep : { one: `waits again${time(link.armed)}`, many: "wait again" };
  }
  if (state === "reading") {
    const late = step === "leads" && (link.read ?? 0) > (chain.episode.leads ?? 0);
    return late
      ? { one: `still reads, until${time(link.read)}`, many: "still read" }
      : { one: `has the list${time(link.read)}`, many: "have the list" };
  }
  if (state === "notified") return { one: `notified${time(link.notified)}`, many: "notified" };
  return reached(step, "notified") ? asleep : { one: "waits", many: "wait" };
}

function cutNote({ episode }: Chain, { cut }: Link, state: BoxState): string {
  if (cut?.why === "lost") return `${state === "gone" ? "gone, " : ""}connection lost ${since(cut.from)}`;
  const until = episode.lasted === null ? "" : ` until ${duration(episode.lasted)}`;
  return `${state === "gone" ? "gone, cut off" : "cut off"}${until}`;
}

function boxOf(chain: Chain, step: StepName, row: Row, top: number): SvgNode[] {
  const middle = top + BOX.height / 2 + 5;
  const center = BOX.x + BOX.width / 2;
  const side = BOX.x + BOX.width + 12;
  if (row.type === "list") {
    return [
      svg("rect", { class: "box list", x: BOX.x, y: top, width: BOX.width, height: BOX.height, rx: 4 }),
      svg("text", { class: "name", x: center, y: middle }, "child list"),
      svg("text", { class: "note", x: side, y: middle }, "of the election"),
    ];
  }
  if (row.type === "more") {
    return [
      svg("text", { class: "more", x: center, y: middle }, `… ${row.links.length} more …`),
      svg("text", { class: "note", x: side, y: middle }, moreOf(chain, row.links, step)),
    ];
  }
  const { link } = row;
  const state = stateOf(chain, link, step);
  const cut = isCut(chain, link, step) ? brokenLink(BOX.x + BOX.width, top + BOX.height / 2) : [];
  return [
    ...cut,
    svg("rect", { class: `box ${state}`, x: BOX.x, y: top, width: BOX.width, height: BOX.height, rx: 6 }),
    svg("text", { class: `name ${state}`, x: center, y: middle }, String(link.candidate)),
    svg(
      "text",
      cut.length > 0
        ? { class: "note cut-off", x: side + BROKEN, y: middle }
        : { class: `note ${state}`, x: side, y: middle },
      noteOf(chain, link, step).one,
    ),
  ];
}

/** The width of a broken link. */
const BROKEN = 22;

/** The connection to the servers, with a gap that two strokes mark. */
function brokenLink(x: number, y: number): SvgNode[] {
  const d = `M${x} ${y}h8M${x + 7} ${y + 6}l4 -12M${x + 14} ${y + 6}l4 -12M${x + 17} ${y}h8`;
  return [svg("path", { class: "cut", d })];
}

/** Counts the contenders that are not drawn. */
function moreOf(chain: Chain, links: readonly Link[], step: StepName): string {
  const counts = new Map<string, number>();
  for (const link of links) {
    const { many } = noteOf(chain, link, step);
    counts.set(many, (counts.get(many) ?? 0) + 1);
  }
  return [...counts].map(([word, count]) => `${count} ${word}`).join(", ");
}

interface Arrow {
  readonly to: Watched;
  readonly look: "armed" | "fired" | "again";
}

function arrowOf(chain: Chain, link: Link, step: StepName): Arrow | null {
  const state = stateOf(chain, link, step);
  if (state === "gone") return null;
  const rearmed = step === "settled" && link.armed !== null;
  const fired = link.notified !== null && reached(step, "notified");
  if (rearmed) return link.watchesThen === null ? null : { to: link.watchesThen, look: "again" };
  if (link.watches === null || (fired && reached(step, "reads"))) return null;
  return { to: link.watches, look: fired ? "fired" : "armed" };
}

function arrowsOf(chain: Chain, step: StepName, rows: readonly Row[], row: Row, index: number): SvgNode[] {
  if (row.type === "list") return [];
  const links = row.type === "link" ? [row.link] : row.links;
  // Among contenders that are only counted, one arrow of each kind represents all.
  const arrows = new Map<string, { arrow: Arrow; target: number }>();
  for (const link of links) {
    const arrow = arrowOf(chain, link, step);
    if (arrow === null) continue;
    const target = rows.findIndex((other) => holds(other, arrow.to));
    if (target !== -1 && target < index) arrows.set(`${arrow.look} ${target}`, { arrow, target });
  }
  return [...arrows.values()].flatMap(({ arrow, target }) =>
    arrowNodes(
      { top: topOf(index), targetTop: topOf(target), rows: index - target, most: rows.length - 1 },
      `arrow ${arrow.look}`,
      rows[target]?.type === "more",
    ),
  );
}

function goesAround(rows: readonly Row[], row: Row, index: number): boolean {
  if (row.type === "list") return false;
  const links = row.type === "link" ? [row.link] : row.links;
  return links
    .flatMap(({ watches, watchesThen }) => [watches, watchesThen])
    .some((watched) => {
      const target = watched === null ? -1 : rows.findIndex((other) => holds(other, watched));
      return target !== -1 && target < index - 1;
    });
}

function holds(row: Row, watched: Watched): boolean {
  if (row.type === "list") return watched === "children";
  if (row.type === "link") return row.link.sequence === watched;
  return row.links.some(({ sequence }) => sequence === watched);
}

/** Arrows to the row just above go straight up; others go around the left. */
function arrowNodes(
  { top, targetTop, rows, most }: { top: number; targetTop: number; rows: number; most: number },
  look: string,
  toText: boolean,
): SvgNode[] {
  if (rows === 1) {
    const x = BOX.x + BOX.width / 2;
    const tip = targetTop + BOX.height + (toText ? -4 : 1);
    return [
      svg("path", { class: look, d: `M${x} ${top - 1}V${tip + 5}` }),
      svg("path", { class: `${look} tip`, d: `M${x} ${tip}l4 7h-8z` }),
    ];
  }
  const from = top + BOX.height / 2;
  // Arrows are spread over the target's side, the farthest on top, so that no two cross.
  const to = targetTop + BOX.height - 4 - (20 * (rows - 2)) / Math.max(1, most - 2);
  const out = BOX.x - 12 - 8 * rows;
  return [
    svg("path", { class: look, d: `M${BOX.x - 1} ${from}C${out} ${from} ${out} ${to} ${BOX.x - 7} ${to}` }),
    svg("path", { class: `${look} tip`, d: `M${BOX.x - 1} ${to}l-7 -3v6z` }),
  ];
}
