/** The paths that ZooKeeper's clients accept (`isValidPath` of zookeeper.c). */
import type { CreateMode } from "../zookeeper/session.ts";

export function isValidPath(path: string, mode: CreateMode): boolean {
  if (path === "/") return true;
  const sequential = mode === "persistent-sequential" || mode === "ephemeral-sequential";
  // A sequential znode's number is still to come.
  const whole = sequential ? `${path}0` : path;
  return whole.startsWith("/") && !whole.endsWith("/") && !unusable.test(whole);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: it is they that are looked for
const unusable = /\/\/|\/\.{1,2}(?:\/|$)|[\u0000-\u001e]/;
