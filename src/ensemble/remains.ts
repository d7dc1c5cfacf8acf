/** Finds what a trial's candidates left on the ensemble when all had gone. */
import { setTimeout as delay } from "node:timers/promises";
import type { Remains } from "../history/history.ts";
import { ZooKeeperError } from "../zookeeper/errors.ts";
import type { Ensemble } from "./ensemble.ts";
import { monitor } from "./four-letter-word.ts";
import type { Member } from "./member.ts";
import { isWithinReach } from "./patiently.ts";

/** The result if nobody could look. */
export const UNSEEN: Remains = { znodes: null, watches: null, files: null, processes: null };

/** The pause between two looks. */
const PAUSE_MS = 50;
/** The servers look for sessions that are over once a tick: this is more than any tick in use. */
const TICKS_MS = 5000;
/** The longest wait at the end of a run. */
const PATIENCE_MS = 20_000;

/**
 * Looks, and removes the trial's own znodes on the way, with everything still in them. Anything that belongs to
 * a session which was cut off when it was closed goes with that session, when its timeout is over: until then
 * it does not count as left behind. If no server answers any more, or the removal is refused, the end of the
 * run says what is left (left-behind.ts).
 * @param own the trial's znodes
 * @param areGone whether the candidates have gone, and have not only left this election for another one
 */
export async function lookForRemains(
  ensemble: Ensemble,
  own: readonly string[],
  sessionTimeoutMs: number,
  areGone: boolean,
): Promise<Remains> {
  if (!(await isWithinReach(ensemble.session))) return UNSEEN;
  try {
    return await look(ensemble, own, sessionTimeoutMs, areGone);
  } catch (error) {
    if (!(error instanceof ZooKeeperError)) throw error;
    return UNSEEN;
  }
}

async function look(
  { session, members, embedded }: Ensemble,
  own: readonly string[],
  sessionTimeoutMs: number,
  areGone: boolean,
): Promise<Remains> {
  const timeMs = sessionTimeoutMs + TICKS_MS;
  const deadline = performance.now() + Math.min(timeMs, PATIENCE_MS);
  let znodes = 0;
  for (const znode of own) {
    let children = (await session.children(znode)) ?? [];
    while (children.length > 0 && performance.now() < deadline) {
      await delay(PAUSE_MS);
      children = (await session.children(znode)) ?? [];
    }
    for (const child of children) await session.remove(`${znode}/${child}`);
    await session.remove(znode);
    znodes += children.length;
  }
  // On a shared ensemble others have watches, too.
  const areOurs = embedded && areGone;
  let watches = areOurs ? await watchesOf(members) : 0;
  // They end with their connections, as the contenders do with their sessions.
  while (watches > 0 && performance.now() < deadline) {
    await delay(PAUSE_MS);
    watches = await watchesOf(members);
  }
  return {
    znodes: znodes > 0 && timeMs > PATIENCE_MS ? null : znodes,
    watches: areOurs ? watches : null,
    files: null,
    processes: null,
  };
}

async function watchesOf(members: readonly Member[]): Promise<number> {
  const monitors = await Promise.all(members.map(({ address }) => monitor(address)));
  return monitors.reduce((sum, numbers) => sum + (numbers?.get("watch_count") ?? 0), 0);
}
