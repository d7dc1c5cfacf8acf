/** Random walks: random schedules, played until one violates an invariant, which is then shrunk. */
import fc from "fast-check";
import { joinModes } from "../election/join-mode.ts";
import { NEAR } from "../election/landmarks.ts";
import { schemeNames } from "../election/schemes.ts";
import type { Violation } from "./judge.ts";
import { type PlayOptions, play } from "./play.ts";
import { type Act, acts, type Schedule, type Step } from "./schedule.ts";

function step(
  acts: readonly Act[],
  who: fc.Arbitrary<number>,
  events: number,
  amount: fc.Arbitrary<number> = fc.nat(7),
): fc.Arbitrary<Step> {
  return fc.record({
    act: fc.constantFrom(...acts),
    who,
    amount,
    events: fc.nat(events),
    choice: fc.nat(0xffff),
  });
}

/** Acts that stop a candidate, let time pass or end a session are more frequent: terms are hardest to break. */
const often = [
  "freeze",
  "freeze",
  "thaw",
  "deaf",
  "heal",
  "leap",
  "leap",
  "end-session",
  "end-session",
] as const;

const anyStep = step([...acts, ...often], fc.nat(7), 24);

/** Somebody stands still, or is not heard, and goes on. */
function spell(begin: Act, end: Act): fc.Arbitrary<Step[]> {
  const one = (who: number) => {
    const same = fc.constant(who);
    return fc.tuple(step([begin], same, 4), step(["pass"], same, 4), step([end], same, 24));
  };
  return fc.nat(7).chain(one);
}

const anySpell = fc.oneof(
  spell("freeze", "thaw"),
  spell("pause-server", "resume-server"),
  spell("cut-link", "heal-link"),
);

const anySteps = fc
  .array(
    fc.oneof({ weight: 4, arbitrary: anyStep.map((one) => [one]) }, { weight: 1, arbitrary: anySpell }),
    {
      minLength: 1,
      maxLength: 10,
      size: "max",
    },
  )
  .map((pieces) => pieces.flat());

/** Among candidates the one that leads, among servers the ensemble's leader. */
const leader = fc.constant(6);
/** Among servers the one that serves the leading candidate. */
const itsServer = fc.constant(7);

const between = (min: number, max: number) => fc.integer({ min, max });

/**
 * Everything that delays what the ensemble knows of a leading candidate, one after the other and each for some
 * time; then the candidate stands still, and messages in flight are lost. By chance alone this hardly ever
 * happens.
 */
const decline: fc.Arbitrary<Step[]> = fc.tuple(
  step(["pass"], leader, 0),
  step(["freeze"], leader, 0),
  step(["pass"], leader, 0, between(5, 7)),
  step(["thaw"], leader, 0),
  step(["pass"], leader, 2, between(1, 4)),
  step(["pause-server"], leader, 0),
  step(["pass"], leader, 0, between(1, 6)),
  step(["resume-server"], leader, 0),
  step(["pass"], leader, 4, between(0, 1)),
  step(["deaf-link"], itsServer, 0),
  step(["pass"], leader, 0, between(1, 4)),
  step(["mute-link"], itsServer, 0),
  step(["pass"], leader, 2, between(0, 2)),
  step(["freeze"], leader, 0),
  step(["lose-link", "crash-server"], itsServer, 0),
  step(["pass", "leap"], leader, 8),
  step(["pass", "leap"], leader, 8),
);

const any = {
  schemes: fc.oneof(
    fc.constantFrom(...schemeNames).map((name) => [name]),
    fc.array(fc.constantFrom(...schemeNames), { minLength: 2, maxLength: 4 }),
  ),
  candidates: fc.integer({ min: 1, max: 4 }),
  replicas: fc.constantFrom(1, 3, 3, 5),
  suspendedPolicy: fc.constantFrom("strict", "session"),
  rejoin: fc.boolean(),
  wills: fc.boolean(),
  firstNumber: fc.constantFrom(0, 0, 0, 2146483646, 2147483645),
  sequenceOverflow: fc.constantFrom("sticks", "wraps"),
  tickTimeMs: fc.constantFrom(100, 200),
  near: fc.constantFrom(NEAR, NEAR, NEAR, 1, 2),
  seed: fc.nat(0xff),
  steps: anySteps,
  joins: fc.array(fc.constantFrom(...joinModes), { minLength: 1, maxLength: 4 }),
} as const;

const schedule: fc.Arbitrary<Schedule> = fc.oneof(
  { weight: 3, arbitrary: fc.record(any) },
  // Few candidates, and a session timeout of many ticks: little else happens, and an error of a lease lasts
  // long.
  {
    weight: 1,
    arbitrary: fc.record({
      ...any,
      candidates: fc.constantFrom(1, 1, 1, 2),
      replicas: fc.constant(3),
      firstNumber: fc.constant(0),
      tickTimeMs: fc.constant(100),
      steps: decline,
    }),
  },
);

export interface WalkOptions extends PlayOptions {
  readonly seed: number;
  readonly forMs: number;
  /** The limit in schedules. @default none */
  readonly atMost?: number;
  /**
   * Whether to shrink what was found, which may take longer.
   * @default true
   */
  readonly shrink?: boolean;
}

export interface Walked {
  readonly schedules: number;
  readonly events: number;
  readonly seconds: number;
  readonly found: { readonly schedule: Schedule; readonly violation: Violation } | undefined;
}

/** Plays one schedule after the other, until the time is over or something was found. */
export async function walk({ seed, forMs, atMost, shrink = true, ...options }: WalkOptions): Promise<Walked> {
  const start = performance.now();
  // Nearly every run has errors, and nobody reads where they come from.
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
    numRuns: atMost ?? Number.MAX_SAFE_INTEGER,
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
