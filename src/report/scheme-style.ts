/**
 * The style of a scheme and of a run, the same everywhere: a colour for each scheme, and a shape for people who
 * do not distinguish colours. Shapes are paths on a canvas of 10 × 10.
 */
import type { Ink } from "./palette.ts";

const circle = "M5 1a4 4 0 1 0 0 8a4 4 0 1 0 0-8Z";
const triangle = "M5 .8 9.4 9H.6Z";
const square = "M1.3 1.3h7.4v7.4H1.3Z";
const diamond = "M5 .2 9.2 5 5 9.8.8 5Z";
const wedge = "M.6 1H9.4L5 9.2Z";

/** Each has a colour by its own name. */
const known = {
  predecessor: circle,
  leader: triangle,
  children: square,
  heir: diamond,
} as const satisfies Partial<Record<Ink, string>>;

function isKnown(scheme: string): scheme is keyof typeof known {
  return Object.hasOwn(known, scheme);
}

/** All users' schemes look alike: the name stands beside each. */
export function lookOf(scheme: string): { readonly colour: string; readonly outline: string } {
  return { colour: `var(--${schemeInk(scheme)})`, outline: isKnown(scheme) ? known[scheme] : wedge };
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

interface RunLook {
  readonly hollow: boolean;
  /** What a hollow mark has inside. */
  readonly centre: string;
  readonly dashes: readonly number[];
}

const last: RunLook = {
  hollow: true,
  centre: "M5 4.4a.6.6 0 1 0 0 1.2a.6.6 0 1 0 0-1.2Z",
  dashes: [1.5, 2.5],
};
const runLooks: readonly RunLook[] = [
  { hollow: false, centre: "", dashes: [1, 0] },
  { hollow: true, centre: "", dashes: [5, 3] },
];

/** The first run has filled marks and solid lines, the second hollow and broken ones, others a dot inside. */
export function runLookOf(run: number): RunLook {
  return runLooks[run] ?? last;
}
