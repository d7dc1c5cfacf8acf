/** What a candidate lives in: a condition of a trial. */

export const hosts = {
  thread: "",
  process: "in processes",
  "process-with-will": "in processes with wills",
  program: "programs",
} as const;

export type Host = keyof typeof hosts;

/** What candidates of our own may live in. */
export const ownHosts = ["thread", "process", "process-with-will"] as const satisfies readonly Host[];

/** `null` if our own candidates cannot live in that. */
export function ownHost(text: string): Host | null {
  return ownHosts.find((host) => host === text) ?? null;
}

/** Histories of another version may know others. */
export function isHost(text: string): text is Host {
  return Object.hasOwn(hosts, text);
}
