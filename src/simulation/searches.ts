/** The exhaustive searches: quick ones for every change, and thorough ones that take a quarter of an hour. */
import { schemeNames } from "../election/schemes.ts";
import type { Search } from "./exhaustive.ts";

const strict = { suspendedPolicy: "strict" } as const;

const byNumber = { join: "by-number" } as const;

export const quickSearches: readonly Search[] = [
  ...schemeNames.flatMap((scheme): Search[] => [
    { scheme, candidates: 3, faults: 0, ...strict },
    { scheme, candidates: 2, faults: 1, ...strict },
    { scheme, candidates: 2, faults: 1, suspendedPolicy: "session" },
  ]),
  { scheme: "heir", candidates: 3, faults: 0, ...strict, ...byNumber },
];

export const thoroughSearches: readonly Search[] = [
  ...quickSearches,
  ...schemeNames.map((scheme): Search => ({ scheme, candidates: 3, faults: 1, ...strict })),
  { scheme: "predecessor", candidates: 2, faults: 2, ...strict },
  { scheme: "predecessor", candidates: 2, faults: 1, ...strict, ...byNumber },
  { scheme: "heir", candidates: 2, faults: 1, ...strict, ...byNumber },
];

export function searchTitle({ scheme, candidates, faults, suspendedPolicy, join }: Search): string {
  const how = join === undefined ? scheme : `${scheme} ${join}`;
  return `${how}, ${suspendedPolicy}, ${candidates} candidates, ${faults} fault${faults === 1 ? "" : "s"}`;
}
