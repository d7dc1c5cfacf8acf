/**
 * The hero as an SVG file that stands alone, for a README, a blog or the preview of a link: title, strips and
 * figures, in the size that previews have. It is light, or dark where its reader is.
 */

import type { Result } from "../../export/result.ts";
import { schemeWatches } from "../../export/scheme-words.ts";
import { LabError } from "../../lab-error.ts";
import { colourOf, type Ink } from "../palette.ts";
import type { ReportRun } from "../report-run.ts";
import { schemeInk } from "../scheme-style.ts";
import { type SvgNode, svg, svgMarkup } from "../svg.ts";
import { ticksOf, xOf } from "../timeline/time-scale.ts";
import { figuresOf, figureText, type Hero, heroOf, type Strip, type StripFigure } from "./hero.ts";
import { howToRead } from "./hero-section.ts";
import { markStyle, marks, marksIn, sampleOf, stripPicture } from "./strip-picture.ts";

const WIDTH = 1200;
const HEIGHT = 630;
const MARGIN = 40;
/** The strips, between their names and their figures. */
const STRIP = { left: 284, width: 648, top: 116, bottom: 540, gap: 18, most: 190 } as const;
/** Where figures end and their words begin; the distance of two lines of them. */
const WORDS = 1042;
const PITCH = 24;
/** The characters of a line of this many pixels, in a font of 15 pixels. */
const LINE = 30;

/**
 * The whole file, with a newline at its end.
 * @throws {LabError} `io`, when the run has no failover to draw
 */
export function heroFile(run: ReportRun): string {
  const hero = heroOf([run]);
  if (hero === null)
    throw new LabError("io", "--export-svg: the run's history has no whole failover to draw; run it again");
  const picture = svg(
    "svg",
    {
      xmlns: "http://www.w3.org/2000/svg",
      viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
      width: WIDTH,
      height: HEIGHT,
      role: "img",
      "aria-labelledby": "title",
    },
    svg("title", { id: "title" }, nameOf(hero)),
    svg("style", {}, style()),
    svg("rect", { class: "paper", width: WIDTH, height: HEIGHT }),
    text("title", MARGIN, 62, hero.title, { "font-size": titleSize(hero.title) }),
    text("small", MARGIN, 92, howToRead(hero)),
    ...strips(hero),
    ...key(hero),
    text("small", MARGIN, HEIGHT - 16, madeBy(run.result)),
  );
  return `${svgMarkup(picture).text}\n`;
}

function nameOf(hero: Hero): string {
  const parts = hero.strips.map((strip) => {
    return `${strip.chain.header.scheme}: ${figureText(strip)}`;
  });
  return `${hero.title} ${parts.join("; ")}.`;
}

/** A long title still fits on one line. */
function titleSize(title: string): number {
  return Math.min(42, Math.floor((WIDTH - 2 * MARGIN) / (0.56 * title.length)));
}

function style(): string {
  const inks = (colour: (ink: Ink) => string) =>
    [
      `.paper{fill:${colour("paper")}}.raised{fill:${colour("raised")}}`,
      `text{fill:${colour("ink")}}.small{fill:${colour("muted")}}`,
      ...(["good", "bad", "predecessor", "leader", "children", "heir", "other"] as const).map(
        (ink) => `.ink-${ink}{fill:${colour(ink)}}`,
      ),
      markStyle(colour),
    ].join("");
  return [
    "text{font-family:system-ui,-apple-system,sans-serif;font-size:15px}",
    ".title,.value,.name{font-weight:700}.value{text-anchor:end}.name{font-size:20px}.small{font-size:14px}.middle{text-anchor:middle}",
    ".mark-quiet{stroke-width:.7px}.mark-cut,.mark-claim,.mark-fault{stroke-width:2px}",
    inks((ink) => colourOf(ink, "light")),
    `@media (prefers-color-scheme:dark){${inks((ink) => colourOf(ink, "dark"))}}`,
  ].join("");
}

function text(
  look: string,
  x: number,
  y: number,
  content: string,
  more: SvgNode["attributes"] = {},
): SvgNode {
  // An attribute would be weaker than the style of all texts.
  const { "font-size": size, ...attributes } = more;
  const style = size === undefined ? {} : { style: `font-size:${size}px` };
  return svg("text", { class: look, x, y, ...style, ...attributes }, content);
}

function strips(hero: Hero): SvgNode[] {
  const { left, width, top, bottom, gap, most } = STRIP;
  const count = hero.strips.length;
  const height = Math.min(most, Math.floor((bottom - top - gap * (count - 1)) / count));
  const end = top + count * height + (count - 1) * gap;
  const ticks = ticksOf({ from: hero.from, to: hero.to, left, width }, 0, 120)
    .filter(({ at }) => at >= 0)
    .map(({ at, label }) =>
      text("small middle", xOf({ from: hero.from, to: hero.to, left, width }, at), end + 20, label),
    );
  const drawn = hero.strips.flatMap((strip, index) => one(strip, hero, top + index * (height + gap), height));
  return [...drawn, ...ticks];
}

function one(strip: Strip, hero: Hero, top: number, height: number): SvgNode[] {
  const { left, width } = STRIP;
  const { scheme } = strip.chain.header;
  const [woken, ...others] = figuresOf(strip);
  const watches = schemeWatches(scheme);
  const middle = top + height / 2;
  const words = watches === null ? [] : lines(`watches ${watches}`);
  const size = Math.min(44, Math.round(height * 0.4));
  // The count and the lines below it, around the middle.
  const first = middle - (size + PITCH * others.length) / 2 + size * 0.8;
  const start = middle - (20 + 19 * words.length) / 2 + 16;
  return [
    text(`name ink-${schemeInk(scheme)}`, MARGIN, start, scheme),
    ...words.map((line, index) => text("small", MARGIN, start + 21 + 18 * index, line)),
    svg("rect", { class: "raised", x: left, y: top, width, height }),
    svg("g", { transform: `translate(${left} ${top})` }, ...stripPicture(strip, hero, width, height)),
    ...figureLine(woken, first, size),
    ...others.flatMap((figure, index) => figureLine(figure, first + 25 + PITCH * index, 20)),
  ];
}

/** The values end in one line, the words begin in another. */
function figureLine({ value, words, tone }: StripFigure, y: number, size: number): SvgNode[] {
  const look = tone === "plain" ? "" : ` ink-${tone}`;
  const said = text(`small${look}`, WORDS, y, words);
  return value === "" ? [said] : [text(`value${look}`, WORDS - 7, y, value, { "font-size": size }), said];
}

/** Breaks between words. */
function lines(words: string): string[] {
  const broken: string[] = [];
  for (const word of words.split(" ")) {
    const line = broken.at(-1);
    if (line === undefined || line.length + word.length >= LINE) broken.push(word);
    else broken[broken.length - 1] = `${line} ${word}`;
  }
  return broken;
}

function key(hero: Hero): SvgNode[] {
  let x = MARGIN;
  return marksIn(hero).flatMap((name) => {
    const label = marks[name].name;
    const place = { transform: `translate(${x} 577) scale(1.4)` };
    const nodes = [svg("g", place, sampleOf(name)), text("small", x + 20, 589, label)];
    x += 46 + 7.6 * label.length;
    return nodes;
  });
}

/** Whoever sees the picture alone should know what was measured, and on what. */
function madeBy({ run, environment }: Result): string {
  const { server, cpu, cores } = environment;
  const parts = [
    `zk-election-lab ${run.version}`,
    `ZooKeeper ${server.version ?? "of an unknown version"}`,
    `${cores} cores, ${cpu}`,
    run.startedAt.slice(0, 10),
  ];
  return parts.join(" · ");
}
