/** What the candidates of a trial left on the ensemble when all had gone. */
import type { Remains } from "../history/history.ts";
import type { Ensemble } from "./ensemble.ts";
import { monitor } from "./four-letter-word.ts";

/** Looks, and removes the trial's own znodes on the way, with whatever is still in them. */
export async function lookForRemains(
  { session, servers, embedded }: Ensemble,
  own: readonly string[],
): Promise<Remains> {
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
