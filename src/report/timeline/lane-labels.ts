/**
 * Labels the events of tall lanes beside their ticks, as many as there is room for, the more important ones
 * first.
 */
import { firstFrom, kindNames } from "../../history/columns.ts";
import type { Surface, TextStyle } from "./drawing-surface.ts";
import { durationTo, spanOf, xOf } from "./time-scale.ts";
import { type Picture, placeOf } from "./timeline-picture.ts";
import { labelledKinds, labelOf } from "./timeline-words.ts";

const style: TextStyle = { ink: "ink", size: 11 };
/** Rows of text above the ticks. */
const ROWS = 3;
const ROW_HEIGHT = 13;
const MOST = 60;

interface Label {
  readonly weight: number;
  /** The position of the tick, from which a stem goes up to the text. */
  readonly x: number;
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

type Placed = Label & { readonly row: number };

export function drawLabels(surface: Surface, picture: Picture): void {
  for (const lane of picture.lanes.of.values()) {
    if (!lane.named) continue;
    const { y } = placeOf(lane, picture.scroll);
    let placed: Placed[] = [];
    for (const label of labelsOf(surface, picture, lane.candidate)) {
      placed = arrange([...placed, label]) ?? placed;
    }
    for (const { x, from, text, row } of placed) {
      const base = y - 4 - ROW_HEIGHT * row;
      surface.fill("muted", 0.6);
      surface.rect(x, base - 9, 1, y - base + 9);
      surface.text(from + 4, base, text, style);
    }
  }
}

function labelsOf(surface: Surface, { view, scale, episode }: Picture, candidate: number): Label[] {
  const { columns } = view;
  const labels: Label[] = [];
  const pixel = spanOf(scale) / scale.width;
  const harm = new Set(view.stale.filter(({ outcome }) => outcome.type === "accepted").map(({ at }) => at));
  for (let i = firstFrom(columns.at, scale.from); i < columns.length && labels.length < MOST; i++) {
    const at = columns.at[i] ?? 0;
    if (at > scale.to) break;
    const kind = kindNames[columns.kind[i] ?? 0];
    if (columns.candidate[i] !== candidate || kind === undefined) continue;
    const weight = labelledKinds.indexOf(kind);
    // Only writes that did harm deserve a label.
    if (weight === -1 || (kind === "wrote" && !harm.has(at))) continue;
    const after = episode === null || at < episode.at ? "" : ` ${durationTo(at - episode.at, pixel)}`;
    const text = `${labelOf(kind)}${after}`;
    const x = xOf(scale, at);
    const width = surface.textWidth(text, style) + 10;
    const overEdge = x + width > scale.left + scale.width;
    labels.push({ weight, x, from: overEdge ? x - width : x, to: overEdge ? x : x + width, text });
  }
  return labels.filter(({ from }) => from >= scale.left - 1).sort((a, b) => a.weight - b.weight);
}

/** Places labels from right to left, each as low as texts and stems permit; `null` if one finds no place. */
function arrange(labels: readonly Label[]): Placed[] | null {
  const placed: Placed[] = [];
  for (const label of labels.toSorted((a, b) => b.x - a.x)) {
    const { x, from, to } = label;
    const free = (row: number) =>
      !placed.some(
        (other) =>
          (other.row === row && from < other.to && to > other.from) ||
          (other.row >= row && other.x > from && other.x < to) ||
          (other.row < row && x > other.from && x < other.to),
      );
    const row = Array.from({ length: ROWS }, (_, index) => index).find(free);
    if (row === undefined) return null;
    placed.push({ ...label, row });
  }
  return placed;
}
