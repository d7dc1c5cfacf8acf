/** Plays a schedule: what it says happens, and in between what its seeds choose. */
import type { Scheme } from "../election/scheme.ts";
import { schemes } from "../election/scheme.ts";
import type { Violation } from "./judge.ts";
import { Random } from "./random.ts";
import type { Schedule } from "./schedule.ts";
import { Stage } from "./stage.ts";
import type { World, WorldEvent } from "./world.ts";

export interface Played {
  readonly violation: Violation | undefined;
  /** Events of the world that happened. */
  readonly events: number;
  /** What happened, line by line: only where it was asked for. */
  readonly timeline: readonly string[];
}

export interface PlayOptions {
  readonly timeline?: "told" | "untold";
  /** In the place of the schedule's own: a user's. */
  readonly scheme?: Scheme;
}

export async function play(schedule: Schedule, { timeline, scheme }: PlayOptions = {}): Promise<Played> {
  const stage = new Stage({ ...schedule, scheme: scheme ?? schemes[schedule.scheme] }, timeline);
  await playOn(stage, schedule);
  return { violation: stage.judge.violation, events: stage.events, timeline: stage.timeline };
}

async function playOn(stage: Stage, { steps }: Schedule): Promise<void> {
  await stage.open();
  for (const { act, who, amount, events, choice } of steps) {
    await stage.act(act, who, amount);
    // Whoever has led goes on acting, whether it still may or not.
    if (choice % 2 === 0) for (const writer of [amount, amount + 1]) await stage.act("write", writer, 0);
    const random = new Random(choice);
    // For a while, servers may lag behind as far as they can.
    const lagging = choice % 3 === 0;
    for (let done = 0; done < events && stage.judge.violation === undefined; done++) {
      const event = choose(lagging ? withoutHearing(stage.world) : stage.world.enabled(), random);
      if (event === undefined) break;
      await stage.perform(event);
    }
    if (stage.judge.violation !== undefined) return;
  }
  await stage.close();
}

/** Time passes seldom while something else may happen: messages are faster than clocks. */
function choose(events: readonly WorldEvent[], random: Random): WorldEvent | undefined {
  const last = events.at(-1);
  if (last === undefined || events.length === 1) return last;
  if (last.type === "advance" && random.below(8) > 0) return events[random.below(events.length - 1)];
  return events[random.below(events.length)];
}

/** Unless nothing else may happen. */
function withoutHearing(world: World): readonly WorldEvent[] {
  const events = world.enabled();
  const others = events.filter(({ type }) => type !== "hear-leader");
  return others.length > 0 ? others : events;
}
