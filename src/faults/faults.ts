import { close } from "./close.ts";
import { expire } from "./expire.ts";
import type { Fault } from "./fault.ts";
import { follower } from "./follower.ts";
import { freeze } from "./freeze.ts";
import { resign } from "./resign.ts";

export const faults = { resign, close, expire, freeze, follower } as const satisfies Record<string, Fault>;

export type FaultName = keyof typeof faults;

export const faultNames = Object.keys(faults) as FaultName[];
