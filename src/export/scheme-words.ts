/** What schemes are called in texts; a user's own are known by their names alone. */
import { type SchemeName, schemes } from "../election/schemes.ts";

/** The subject of a sentence. */
export function schemeCalled(name: string): string {
  return isKnown(name) ? schemes[name].called : `the scheme ${name}`;
}

/** What a contender that waits watches; `null` if nobody knows. */
export function schemeWatches(name: string): string | null {
  return isKnown(name) ? schemes[name].watches : null;
}

function isKnown(name: string): name is SchemeName {
  return Object.hasOwn(schemes, name);
}
