/** How V8 is to run candidates, in threads and in processes. */
export const candidateFlags = [
  // A candidate takes over perhaps once in a trial, with code that it has never run before. If that code were
  // compiled only then, compiling would take a third of the failover. So all code is compiled at the start, and
  // kept.
  "--no-lazy",
  "--no-flush-bytecode",
  // Idle threads would use the quiet to collect garbage, all of them at about the same time.
  "--no-memory-reducer",
  // Otherwise each thread maps V8's own code once more, near the code that it compiles: calls are shorter, and
  // 0.8 to 2 MB more of each thread are resident.
  "--no-short-builtin-calls",
] as const;
