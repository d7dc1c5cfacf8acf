/**
 * Draws one step of a chain: a cell for every contender, winding from the leader at the top left, with an arrow
 * from each to what it watches. The written page and the browser share this function.
 */
import type { Watched } from "../../history/line.ts";
import { type SvgNode, svg } from "../svg.ts";
import type { Chain, Link } from "./chain.ts";
import { believes, isCut, reached, type StepName, stepSentence } from "./chain-steps.ts";

/** The states of a cell, with their names in the key. */
export const cellStates = {
  waiting: "waits",
  leader: "leads",
  notified: "notified",
  reading: "reads the list",
  gone: "its znode is gone",
  believer: "gone, but believes that it leads",
} as const;

export type CellState = keyof typeof cellStates;

const WIDTH = 230;
const MOST_PITCH = 44;
/** The share of a cell in its room; the rest is for arrows. */
const CELL = 0.7;
/** Smaller cells have a number only if something happens to them, and still smaller ones none. */
const NUMBERED = { all: 30, some: 18 };
/** The height of the child list above the cells, with the gap below. */
const LIST = { height: 18, room: 34 };

interface Point {
  readonly x: number;
  readonly y: number;
}

export function chainFigure(chain: Chain, step: StepName): SvgNode {
  const { line, header } = chain;
  const columns = Math.min(line.length, Math.max(3, Math.ceil(Math.sqrt(2 * line.length))));
  const pitch = Math.min(MOST_PITCH, WIDTH / columns);
  const top = line.some(({ watches }) => watches === "children") ? LIST.room : 0;
  const places = line.map((_, index): Point => {
    const row = Math.floor(index / columns);
    // Each row goes back where the one above it ends, so that neighbours stay neighbours.
    const column = row % 2 === 0 ? index % columns : columns - 1 - (index % columns);
    return { x: (column + 0.5) * pitch, y: top + (row + 0.5) * pitch };
  });
  const height = top + Math.ceil(line.length / columns) * pitch;
  const width = columns * pitch;
  const look: Look = { pitch, list: { x: width / 2, y: LIST.height } };
  return svg(
    "svg",
    {
      viewBox: `0 0 ${WIDTH} ${round(height)}`,
      role: "img",
      "aria-label": `${header.scheme}: ${stepSentence(chain, step)}`,
    },
    ...(top === 0 ? [] : childList(width)),
    ...arrows(chain, step, places, look, ["armed"]),
    ...cells(chain, step, places, pitch),
    ...arrows(chain, step, places, look, ["fired", "again"]),
    ...numbers(chain, step, places, pitch),
    ...cuts(chain, step, places, pitch),
  );
}

function childList(width: number): SvgNode[] {
  return [
    svg("rect", { class: "list", x: 1, y: 1, width: round(width - 2), height: LIST.height - 2, rx: 3 }),
    svg("text", { x: round(width / 2), y: LIST.height - 5 }, "child list"),
  ];
}

function stateOf(chain: Chain, link: Link, step: StepName): CellState {
  const { episode, line } = chain;
  const isStruck = episode.victims.includes(link.candidate) && reached(step, "gone");
  if (isStruck && episode.expects.contendersStay !== true)
    return believes(chain, link, step) ? "believer" : "gone";
  if (link.candidate === episode.successor && reached(step, "leads")) return "leader";
  if (link === line[0]) return "leader";
  if (step === "settled") return "waiting";
  if (link.reading !== null && reached(step, "reads")) return "reading";
  return link.notified !== null && reached(step, "notified") ? "notified" : "waiting";
}

/** One path for all cells of a state. */
function cells(chain: Chain, step: StepName, places: readonly Point[], pitch: number): SvgNode[] {
  const side = CELL * pitch;
  const paths = new Map<CellState, string>();
  chain.line.forEach((link, index) => {
    const { x = 0, y = 0 } = places[index] ?? {};
    const state = stateOf(chain, link, step);
    const corner = `M${round(x - side / 2)} ${round(y - side / 2)}`;
    paths.set(state, `${paths.get(state) ?? ""}${corner}h${round(side)}v${round(side)}h${-round(side)}z`);
  });
  return [...paths].map(([state, d]) => svg("path", { class: `cell ${state}`, d }));
}

function numbers(chain: Chain, step: StepName, places: readonly Point[], pitch: number): SvgNode[] {
  return chain.line.flatMap((link, index) => {
    const { x = 0, y = 0 } = places[index] ?? {};
    const state = stateOf(chain, link, step);
    if (pitch < (state === "waiting" ? NUMBERED.all : NUMBERED.some)) return [];
    return svg("text", { class: state, x: round(x), y: round(y + 4) }, String(link.candidate));
  });
}

interface Arrow {
  readonly to: Watched;
  readonly look: "armed" | "fired" | "again";
}

function arrowOf(chain: Chain, link: Link, step: StepName): Arrow | null {
  const state = stateOf(chain, link, step);
  if (state === "gone" || state === "believer") return null;
  const rearmed = step === "settled" && link.armed !== null;
  const fired = link.notified !== null && reached(step, "notified");
  if (rearmed) return link.watchesThen === null ? null : { to: link.watchesThen, look: "again" };
  if (link.watches === null || (fired && reached(step, "reads"))) return null;
  return { to: link.watches, look: fired ? "fired" : "armed" };
}

interface Look {
  readonly pitch: number;
  /** Where arrows to the child list end. */
  readonly list: Point;
}

/** Two paths for all arrows of a look: their lines and their tips. */
function arrows(
  chain: Chain,
  step: StepName,
  places: readonly Point[],
  { pitch, list }: Look,
  looks: readonly Arrow["look"][],
): SvgNode[] {
  const targets = new Map<Watched, Point>(
    chain.line.flatMap(({ sequence }, index) => {
      const place = places[index];
      return place === undefined ? [] : [[sequence, place] as const];
    }),
  );
  targets.set("children", list);
  return looks.flatMap((look) => {
    const drawn = chain.line.flatMap((link, index) => {
      const arrow = arrowOf(chain, link, step);
      const [from, to] = [places[index], arrow === null ? undefined : targets.get(arrow.to)];
      if (arrow?.look !== look || from === undefined || to === undefined || from === to) return [];
      return arrowPath(from, to, pitch, arrow.to === "children" ? 0 : (CELL * pitch) / 2);
    });
    if (drawn.length === 0) return [];
    return [
      svg("path", { class: `arrow ${look}`, d: drawn.map(({ shaft }) => shaft).join("") }),
      svg("path", { class: `head ${look}`, d: drawn.map(({ tip }) => tip).join("") }),
    ];
  });
}

/** A straight line from edge to edge; `room`: how far around its target an arrow ends. */
function arrowPath(from: Point, to: Point, pitch: number, room: number): { shaft: string; tip: string } {
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const [dx, dy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  /** The way from the middle of a square to its edge. */
  const edge = (half: number) => half / Math.max(Math.abs(dx), Math.abs(dy));
  const at = (x: number, y: number) => `${round(x)} ${round(y)}`;
  const size = Math.min(4.5, (pitch * (1 - CELL)) / 2 + 1);
  const [start, end] = [edge((CELL * pitch) / 2), length - edge(room) - 0.5];
  const [tipX, tipY] = [from.x + dx * end, from.y + dy * end];
  const [backX, backY] = [tipX - dx * size, tipY - dy * size];
  const [wideX, wideY] = [(-dy * size) / 2, (dx * size) / 2];
  return {
    shaft: `M${at(from.x + dx * start, from.y + dy * start)}L${at(backX, backY)}`,
    tip: `M${at(tipX, tipY)}L${at(backX + wideX, backY + wideY)}L${at(backX - wideX, backY - wideY)}z`,
  };
}

/** Those that are cut off from the servers are struck through. */
function cuts(chain: Chain, step: StepName, places: readonly Point[], pitch: number): SvgNode[] {
  const half = (CELL * pitch) / 2 + 2;
  const d = chain.line.flatMap((link, index) => {
    const place = places[index];
    if (place === undefined || !isCut(chain, link, step)) return [];
    return `M${round(place.x - half)} ${round(place.y + half)}l${round(2 * half)} ${-round(2 * half)}`;
  });
  return d.length === 0 ? [] : [svg("path", { class: "cut", d: d.join("") })];
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
