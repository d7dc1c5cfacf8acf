import { children } from "./children.ts";
import { heir } from "./heir.ts";
import { leader } from "./leader.ts";
import { predecessor } from "./predecessor.ts";
import type { KnownScheme } from "./scheme.ts";

export const schemes = { predecessor, leader, children, heir } as const satisfies Record<string, KnownScheme>;

export type SchemeName = keyof typeof schemes;

export const schemeNames = Object.keys(schemes) as SchemeName[];
