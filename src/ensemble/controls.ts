/** What faults do to a server, whoever runs it. */

export interface Controls {
  /** @returns when it is gone */
  kill(): Promise<void>;
  /** Starts it again, with its data. */
  restart(): Promise<void>;
  /** It stands still, with its port open and its connections up. */
  pause(): Promise<void>;
  resume(): Promise<void>;
  /** Leaves nothing free on its disk until it is started again; only for a server with a disk of its own. */
  fillDisk?(): Promise<void>;
  /** Limits what reaches its disk; 0 for no limit. */
  limitDisk?(writesPerSecond: number): Promise<void>;
}
