import type { Ensemble } from "../ensemble/ensemble.ts";
import type { History } from "../history/history.ts";
import { HistorySoFar } from "../history/history-so-far.ts";
import { tell } from "../history/told.ts";
import { Network } from "../network/network.ts";
import type { TrialOptions } from "./coordinator.ts";
import { Crew } from "./crew.ts";
import { needsNetwork } from "./paths.ts";
import type { TrialProgress } from "./progress.ts";
import { runTrials } from "./trial.ts";
import { ONE_TURN, type Turns } from "./trial-plan.ts";

export interface WholeOptions {
  /** @default one after the other */
  readonly turns?: Turns;
  readonly onProgress?: (progress: TrialProgress, trial: number) => void;
  readonly signal?: AbortSignal;
}

/** Runs trials and keeps their whole histories, for those who need the events. A run of the lab does not. */
export async function runWhole(
  ensemble: Ensemble,
  trials: readonly TrialOptions[],
  {
    turns = ONE_TURN,
    onProgress = () => undefined,
    signal = new AbortController().signal,
  }: WholeOptions = {},
): Promise<History[]> {
  const histories = new Map<number, HistorySoFar>();
  const [first] = trials;
  if (first === undefined) return [];
  const relayed = trials.some(needsNetwork);
  await using own =
    relayed && ensemble.network === undefined ? await Network.open({ origin: first.origin, seed: 1 }) : null;
  const crew = await Crew.of(ensemble, first, relayed ? (ensemble.network ?? own ?? undefined) : undefined);
  const endings = await runTrials(
    ensemble,
    trials,
    turns,
    {
      begins: (header) => void histories.set(header.trial, new HistorySoFar(header)),
      async hears(trial, told) {
        const history = histories.get(trial);
        if (history !== undefined) tell(told, history);
      },
      progress: (trial, progress) => onProgress(progress, trial),
    },
    signal,
    { crew, stays: false },
  );
  return endings.map(({ header, ending }) =>
    (histories.get(header.trial) ?? new HistorySoFar(header)).ended(ending),
  );
}
