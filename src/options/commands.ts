/** What the overall help tells of each command, which it need not load for that. */
interface Summary {
  /** As typed in a clone. */
  readonly line: string;
  readonly about: string;
  /** The meaning of words without a flag, if the command takes any. */
  readonly operands?: string;
}

export const commands = {
  lab: { line: "yarn lab", about: "Measures failover and herd of leader election on ZooKeeper." },
  bench: {
    line: "yarn bench",
    about: "Measures a grid of trials, with sound statistics.",
    operands: "[RUN]",
  },
  live: { line: "yarn live", about: "Serves a page on which you strike elections on a real ensemble." },
  report: {
    line: "yarn report",
    about: "Writes the report of a saved run, or of several side by side.",
    operands: "RUN…",
  },
  zookeeper: { line: "yarn start:zookeeper", about: "Runs ZooKeeper servers until Ctrl-C." },
  client: { line: "yarn start:client", about: "Runs one candidate in this terminal, until Ctrl-C." },
  will: {
    line: "zk-election-lab will",
    about: "Ends the ZooKeeper sessions of processes the moment that they are gone.",
  },
  completion: { line: "yarn completion", about: "Prints what bash or zsh needs to complete the options." },
} as const satisfies Record<string, Summary>;
