/** The exhaustive searches: quick ones for every change, and thorough ones that take a quarter of an hour. */
import { schemeNames } from "../election/schemes.ts";
import type { Search } from "./exhaustive.ts";

const strict = { suspendedPolicy: "strict" } as const;

export const quickSearches: readonly Search[] = schemeNames.flatMap((scheme): Search[] => [
  { scheme, candidates: 3, faults: 0, ...strict },
  { scheme, candidates: 2, faults: 1, ...strict },
  { scheme, candidates: 2, faults: 1, suspendedPolicy: "session" },
]);

export const thoroughSearches: readonly Search[] = [
  ...quickSearches,
  ...schemeNames.map((scheme): Search => ({ scheme, candidates: 3, faults: 1, ...strict })),
  { scheme: "predecessor", candidates: 2, faults: 2, ...strict },
];

export function searchTitle({ scheme, candidates, faults, suspendedPolicy }: Search): string {
  return `${scheme}, ${suspendedPolicy}, ${candidates} candidates, ${faults} fault${faults === 1 ? "" : "s"}`;
}
