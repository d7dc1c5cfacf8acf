/** What the candidates of a trial left on the ensemble when all had gone. */
import type { Remains } from "../history/history.ts";
import type { Ensemble } from "./ensemble.ts";
import { monitor } from "./four-letter-word.ts";
import { isUnanswered, isWithinReach } from "./patiently.ts";

/** Where nobody could look. */
export const UNSEEN: Remains = { znodes: null, watches: null, files: null, processes: null };

/**
 * Looks, and removes the trial's own znodes on the way, with whatever is still in them. Where no server answers any more,
 * they go by themselves when one does.
 */
export async function lookForRemains(ensemble: Ensemble, own: readonly string[]): Promise<Remains> {
  if (!(await isWithinReach(ensemble.session))) return UNSEEN;
  try {
    return await look(ensemble, own);
  } catch (error) {
    if (!isUnanswered(error)) throw error;
    return UNSEEN;
  }
}

async function look({ session, servers, embedded }: Ensemble, own: readonly string[]): Promise<Remains> {
  let znodes = 0;
  for (const znode of own) {
    const children = (await session.children(znode)) ?? [];
    for (const child of children) await session.remove(`${znode}/${child}`);
    await session.remove(znode);
    znodes += children.length;
  }
  // On a shared ensemble the watches are not ours alone. They end with their sessions, as the contenders do.
  const monitors = embedded ? await Promise.all(servers.map((server) => monitor(server))) : [];
  const watches = monitors.reduce((sum, numbers) => sum + (numbers?.get("watch_count") ?? 0), 0);
  return { znodes, watches: embedded ? watches : null, files: null, processes: null };
}
