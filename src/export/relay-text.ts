/** What a person is told of the relays in the paths of a run's trials, and of what they add by themselves. */
import { milliseconds } from "./figure-text.ts";
import { listed } from "./listed.ts";
import type { TrialResult } from "./result.ts";

type Relayed = Pick<TrialResult, "network">;

/**
 * The sentence "a relay adds 0.11 ms to a round trip in 2 of 4 trials", and how late processes are heard;
 * `null` if there was no relay in any path.
 */
export function relayText(trials: readonly Relayed[]): string | null {
  const networks = trials.flatMap(({ network }) => network ?? []);
  if (networks.length === 0) return null;
  // Measured once for each network that a run sets up.
  const times = networks.map(({ relayMs }) => relayMs).sort((a, b) => a - b);
  const ends = [...new Set([times[0], times.at(-1)].map((ms) => milliseconds(ms ?? 0)))];
  const share = networks.length === trials.length ? "" : ` in ${networks.length} of ${trials.length} trials`;
  const pipes = networks.flatMap(({ pipeMs }) => pipeMs ?? []);
  const latest =
    pipes.length === 0 ? "" : `; a line from a process takes ${milliseconds(Math.max(...pipes))} ms`;
  return `a relay adds ${ends.join(" to ")} ms to a round trip${share}${latest}`;
}

const names = {
  "candidates-and-servers": "between candidates and servers",
  servers: "between servers",
} as const;

/** "between candidates and servers" */
export function relayPlaces(trials: readonly Relayed[]): string {
  const places = new Set(trials.flatMap(({ network }) => network?.between ?? []));
  return listed([...places].map((place) => names[place]));
}
