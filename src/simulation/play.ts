/** Plays a schedule: its steps happen, and between them the events that its seeds choose. */
import type { Scheme } from "../election/scheme.ts";
import { schemes } from "../election/schemes.ts";
import type { Violation } from "./judge.ts";
import { Random } from "./random.ts";
import type { Schedule } from "./schedule.ts";
import { Stage, without } from "./stage.ts";
import type { WorldEvent } from "./world.ts";

export interface Played {
  readonly violation: Violation | undefined;
  /** The number of events that happened in the world. */
  readonly events: number;
  /** What happened, line by line: only if requested. */
  readonly timeline: readonly string[];
}

export interface PlayOptions {
  readonly timeline?: "told" | "untold";
  /** A user's scheme for all candidates, instead of the schedule's own. */
  readonly scheme?: Scheme;
}

export async function play(schedule: Schedule, { timeline, scheme }: PlayOptions = {}): Promise<Played> {
  const all = scheme === undefined ? schedule.schemes.map((name) => schemes[name]) : [scheme];
  const stage = new Stage({ ...schedule, schemes: all }, timeline);
  await playOn(stage, schedule);
  return { violation: stage.judge.violation, events: stage.events, timeline: stage.timeline };
}

async function playOn(stage: Stage, { steps, candidates }: Schedule): Promise<void> {
  await stage.open();
  for (const { act, who, amount, events, choice } of steps) {
    // For a while, servers may lag behind as far as they can, pings may be as late as allowed, and messages
    // slower than clocks.
    const late: WorldEvent["type"][] = [];
    if (choice % 3 === 0) late.push("apply");
    if (choice % 7 === 0) late.push("hear-leader");
    if (choice % 5 < 2) late.push("ping");
    const haste = choice % 4 === 1 ? 2 : 8;
    if (act === "pass") await stage.pass(amount, late);
    else await stage.act(act, who, amount);
    // A candidate that has led keeps acting, whether or not it still may.
    if (choice % 2 === 0)
      for (const writer of [amount, amount + 1]) await stage.act("write", writer % candidates, 0);
    const random = new Random(choice);
    for (let done = 0; done < events && stage.judge.violation === undefined; done++) {
      const event = choose(without(late, stage.world.enabled()), random, haste);
      if (event === undefined) break;
      await stage.perform(event);
    }
    if (stage.judge.violation !== undefined) return;
  }
  await stage.close();
}

/**
 * Time seldom passes while something else may happen, once in this many times: messages are faster than clocks.
 */
function choose(events: readonly WorldEvent[], random: Random, haste: number): WorldEvent | undefined {
  const last = events.at(-1);
  if (last === undefined || events.length === 1) return last;
  if (last.type === "advance" && random.below(haste) > 0) return events[random.below(events.length - 1)];
  return events[random.below(events.length)];
}
