/** What the candidates of a trial left on the ensemble when all had gone. */
import type { Remains } from "../history/history.ts";
import type { Ensemble } from "./ensemble.ts";
import { monitor } from "./four-letter-word.ts";

/** Looks, and removes the election's own znode on the way, with whatever is still in it. */
export async function lookForRemains(
  { session, servers, embedded }: Ensemble,
  election: string,
): Promise<Remains> {
  const children = (await session.children(election)) ?? [];
  for (const child of children) await session.remove(`${election}/${child}`);
  await session.remove(election);
  // On a shared ensemble the watches are not ours alone. They end with their sessions, as the contenders do.
  const monitors = embedded ? await Promise.all(servers.map((server) => monitor(server))) : [];
  const watches = monitors.reduce((sum, numbers) => sum + (numbers?.get("watch_count") ?? 0), 0);
  return { znodes: children.length, watches: embedded ? watches : null, files: null, processes: null };
}
