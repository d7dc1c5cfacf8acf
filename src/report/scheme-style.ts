/**
 * The style of a scheme, the same everywhere: a colour, and a shape for people who do not distinguish colours.
 */
import type { Ink } from "./palette.ts";

interface Shape {
  /** A symbol of ECharts. */
  readonly symbol: string;
  /** The same shape on a canvas of 10 × 10. */
  readonly outline: string;
}

const circle = { symbol: "circle", outline: "M5 1a4 4 0 1 0 .01 0Z" };
const triangle = { symbol: "triangle", outline: "M5 .8 9.4 9H.6Z" };
const square = { symbol: "rect", outline: "M1.3 1.3h7.4v7.4H1.3Z" };
const diamond = { symbol: "diamond", outline: "M5 .2 9.2 5 5 9.8.8 5Z" };
const wedge = { symbol: "path://M0 0H10L5 8.6Z", outline: "M.6 1H9.4L5 9.2Z" };

/** Each has a colour by its own name. */
const known = {
  predecessor: circle,
  leader: triangle,
  children: square,
  heir: diamond,
} as const satisfies Partial<Record<Ink, Shape>>;

function isKnown(scheme: string): scheme is keyof typeof known {
  return Object.hasOwn(known, scheme);
}

/** All users' schemes look alike: the name stands beside each. */
export function lookOf(scheme: string): Shape & { readonly colour: string } {
  const shape = isKnown(scheme) ? known[scheme] : wedge;
  return { colour: `var(--${schemeInk(scheme)})`, ...shape };
}

export function schemeInk(scheme: string): Ink {
  return isKnown(scheme) ? scheme : "other";
}

/** Known schemes first, in the order of their table, then the others in the given order. */
export function inOrder(schemes: Iterable<string>): string[] {
  const present = new Set(schemes);
  const first = Object.keys(known).filter((scheme) => present.has(scheme));
  return [...first, ...[...present].filter((scheme) => !isKnown(scheme))];
}

/** The first run has solid lines, the others broken ones and hollow symbols. */
export function lineOf(run: number): "solid" | "dashed" | "dotted" {
  return (["solid", "dashed", "dotted"] as const)[Math.min(run, 2)] ?? "dotted";
}
