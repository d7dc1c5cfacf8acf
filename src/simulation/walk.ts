/** Random walks: schedules at random, played until one violates an invariant, which is then shrunk. */
import fc from "fast-check";
import { schemeNames } from "../election/scheme.ts";
import type { Violation } from "./judge.ts";
import { type PlayOptions, play } from "./play.ts";
import { acts, type Schedule, type Step } from "./schedule.ts";

const step: fc.Arbitrary<Step> = fc.record({
  // What stops a candidate and lets time pass comes more often: leases are hardest to break.
  act: fc.constantFrom(...acts, "freeze", "freeze", "thaw", "deaf", "heal", "leap", "leap"),
  who: fc.nat(5),
  amount: fc.nat(7),
  events: fc.nat(24),
  choice: fc.nat(0xffff),
});

const schedule: fc.Arbitrary<Schedule> = fc.record({
  scheme: fc.constantFrom(...schemeNames),
  candidates: fc.integer({ min: 2, max: 4 }),
  replicas: fc.constantFrom(1, 3),
  suspendedPolicy: fc.constantFrom("strict", "session"),
  rejoin: fc.boolean(),
  firstNumber: fc.constantFrom(0, 0, 2146483646),
  steps: fc.array(step, { minLength: 1, maxLength: 12, size: "max" }),
});

export interface WalkOptions extends PlayOptions {
  readonly seed: number;
  readonly forMs: number;
  /** Whether what was found is made as small as can be, which may take longer. @default true */
  readonly shrink?: boolean;
}

export interface Walked {
  readonly schedules: number;
  readonly events: number;
  readonly seconds: number;
  readonly found: { readonly schedule: Schedule; readonly violation: Violation } | undefined;
}

/** One by one, until the time is over or something was found. */
export async function walk({ seed, forMs, shrink = true, ...options }: WalkOptions): Promise<Walked> {
  const start = performance.now();
  // Errors are a part of nearly every run, and nobody reads where they come from.
  Error.stackTraceLimit = 0;
  let schedules = 0;
  let events = 0;
  const property = fc.asyncProperty(schedule, async (one) => {
    const played = await play(one, options);
    schedules++;
    events += played.events;
    if (played.violation !== undefined) throw played.violation;
  });
  const result = await fc.check(property, {
    seed,
    numRuns: Number.MAX_SAFE_INTEGER,
    interruptAfterTimeLimit: forMs,
    markInterruptAsFailure: false,
    endOnFailure: !shrink,
  });
  const seconds = (performance.now() - start) / 1000;
  const [found] = result.counterexample ?? [];
  const violation = result.errorInstance as Violation | null;
  return {
    schedules,
    events,
    seconds,
    found: found === undefined || violation === null ? undefined : { schedule: found, violation },
  };
}
