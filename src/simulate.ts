/** `yarn simulate`. A separate program: it needs what only a clone has, and no server. */
import { ending } from "./ending.ts";
import { exitCodes } from "./lab-error.ts";
import { parseSimulate } from "./options/simulate.ts";
import { print } from "./output.ts";
import { search } from "./simulation/exhaustive.ts";
import { play } from "./simulation/play.ts";
import { parseSchedule } from "./simulation/schedule.ts";
import { searchTitle, thoroughSearches } from "./simulation/searches.ts";
import { walk } from "./simulation/walk.ts";

/** The number of lines at a timeline's end that a person reads. */
const LINES = 60;

async function main(args: readonly string[]): Promise<number> {
  const options = await parseSimulate(args);
  switch (options.type) {
    case "words":
      print(options.words);
      return exitCodes.fine;
    case "walk":
      return walks(options);
    case "search":
      return searches();
    case "replay":
      return replay(options.schedule);
    default:
      return options satisfies never;
  }
}

async function walks({ seed, forMs }: { readonly seed: number; readonly forMs: number }): Promise<number> {
  print(`seed ${seed}`);
  const { schedules, events, seconds, found } = await walk({ seed, forMs });
  const perMinute = Math.round((schedules / seconds) * 60);
  print(
    `${schedules} schedules with ${events} events in ${seconds.toFixed(1)} s, ${perMinute} a minute: ` +
      (found === undefined ? "every invariant held" : "an invariant was violated"),
  );
  if (found === undefined) return exitCodes.fine;
  const { timeline } = await play(found.schedule, { timeline: "told" });
  for (const line of timeline.slice(-LINES)) print(line);
  print(`yarn simulate --replay '${JSON.stringify(found.schedule)}'`);
  return exitCodes.falseVerdict;
}

async function searches(): Promise<number> {
  for (const one of thoroughSearches) {
    const { states, runs, seconds, found } = await search(one);
    print(`${searchTitle(one)}: ${states} states, ${runs} runs, ${seconds.toFixed(1)} s`);
    if (found === undefined) continue;
    for (const line of found.timeline.slice(-LINES)) print(line);
    return exitCodes.falseVerdict;
  }
  print("every invariant held");
  return exitCodes.fine;
}

async function replay(text: string): Promise<number> {
  const { timeline, violation } = await play(parseSchedule(text), { timeline: "told" });
  for (const line of timeline) print(line);
  if (violation === undefined) print("every invariant held");
  return violation === undefined ? exitCodes.fine : exitCodes.falseVerdict;
}

process.on("SIGINT", () => process.exit(exitCodes.interrupted));
process.exitCode = await ending(main(process.argv.slice(2)));
