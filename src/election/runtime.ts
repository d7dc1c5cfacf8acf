/** Time and chance as an election needs them: from an interface, so that it can also run in virtual time. */
import { randomUUID } from "node:crypto";

export interface Runtime {
  /** 32 hexadecimal digits that nobody else has. */
  guid(): string;
  /** Calls back once, after some milliseconds, unless the returned function is called before. */
  after(ms: number, callback: () => void): () => void;
}

export const realRuntime: Runtime = {
  guid: () => randomUUID().replaceAll("-", ""),
  after(ms, callback) {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  },
};
