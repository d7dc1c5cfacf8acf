/**
 * Observes an election without competing in it. The oldest contender leads, or is about to: that it knows so
 * itself is certain only if it has announced it, which leaders do under a scheme that inherits.
 *
 * Not promised: that every leader is seen. Observers miss one that comes and goes between two looks.
 */
import { OutcomeUnknown, TryAgain } from "../zookeeper/errors.ts";
import type { Session, Stat } from "../zookeeper/session.ts";
import { connected, isOver, pause } from "./connection.ts";
import { decode } from "./contender-data.ts";
import { type Contender, contendersOf } from "./contenders.ts";
import { KeptWatch } from "./kept-watch.ts";
import { Retries, type Trouble } from "./retries.ts";
import { type Runtime, realRuntime } from "./runtime.ts";

/** A contender that stands in an election. */
export interface Standing {
  /** The znode's name. */
  readonly name: string;
  /** The fencing token that its term has, or would have. */
  readonly token: number;
  /** The data that it was given when it joined, or has proclaimed since. */
  readonly data: string;
  /** Whether it has announced that it leads. */
  readonly announced: boolean;
}

/**
 * All contenders, the oldest first.
 * @throws {ZooKeeperError} when the ensemble does not answer, or refuses
 */
export async function contenders(session: Session, path: string): Promise<Standing[]> {
  const all = contendersOf((await session.children(path)) ?? []);
  const found = await Promise.all(all.map(({ name }) => session.get(`${path}/${name}`)));
  return all.flatMap((contender, index) => {
    const one = found[index];
    return one === undefined ? [] : [standingOf(contender, one)];
  });
}

/**
 * The oldest contender.
 * @throws {ZooKeeperError} when the ensemble does not answer, or refuses
 */
export async function leader(session: Session, path: string): Promise<Standing | undefined> {
  for (;;) {
    const [oldest] = contendersOf((await session.children(path)) ?? []);
    if (oldest === undefined) return undefined;
    const found = await session.get(`${path}/${oldest.name}`);
    // The contender has gone between the two requests: another one is the oldest now.
    if (found !== undefined) return standingOf(oldest, found);
  }
}

/**
 * The current leader, and each change; `undefined` while nobody stands.
 * @throws {CampaignEnded} when the session ends
 * @throws the signal's reason, when it stops the observing
 */
export async function* observe(
  session: Session,
  path: string,
  { signal, runtime = realRuntime, onTrouble = () => undefined }: ObserveOptions = {},
): AsyncGenerator<Standing | undefined, void, undefined> {
  const lookout = new Lookout(session, path);
  const retries = new Retries(runtime, onTrouble);
  let last: string | undefined;
  try {
    for (;;) {
      const changed = lookout.changed();
      await unlessAborted(connected(session), signal);
      const view = await unlessAborted(lookout.look(), signal);
      if (view === "changing") {
        await unlessAborted(pause(runtime), signal);
        continue;
      }
      if (view instanceof Error) {
        await unlessAborted(retries.pause(view, signal), signal);
        continue;
      }
      const leads = view === "absent" ? undefined : view.leader;
      const seen = JSON.stringify(leads ?? null);
      if (seen !== last) yield leads;
      last = seen;
      const absence = view === "absent" ? [pause(runtime, ABSENT_MS)] : [];
      await unlessAborted(Promise.race([changed, ...absence]), signal);
    }
  } finally {
    lookout.close();
  }
}

export interface ObserveOptions {
  readonly signal?: AbortSignal | undefined;
  readonly runtime?: Runtime;
  /**
   * Called at each consecutive failure from the third on: the observer retries for as long as the session
   * lives.
   */
  readonly onTrouble?: Trouble;
}

/**
 * The native client cannot watch a znode that does not exist, so this is how often to look for the first one.
 */
const ABSENT_MS = 1000;

/** Looks, and signals when another look is due. One watch is armed at a time, and none is set twice. */
class Lookout {
  readonly #session: Session;
  readonly #path: string;
  readonly #onChange = () => this.#ring();
  #ring: () => void = () => undefined;
  readonly #watch = new KeptWatch();

  constructor(session: Session, path: string) {
    this.#session = session;
    this.#path = path;
    session.on("state", this.#onChange);
  }

  /** Settles at the next change from now on. */
  changed(): Promise<void> {
    return new Promise((resolve) => {
      this.#ring = resolve;
    });
  }

  /**
   * `changing`: nothing stable could be seen; `absent`: there is no election yet; an error: another look may
   * see more.
   */
  async look(): Promise<
    { readonly leader: Standing | undefined } | "changing" | "absent" | OutcomeUnknown | TryAgain
  > {
    try {
      const names = await this.#session.children(this.#path);
      if (names === undefined) return "absent";
      const [oldest] = contendersOf(names);
      if (oldest !== undefined) {
        const znode = `${this.#path}/${oldest.name}`;
        const found = await this.#watch.set(znode, this.#onChange, (watch) =>
          this.#session.get(znode, watch),
        );
        return found === undefined ? "changing" : { leader: standingOf(oldest, found) };
      }
      const again = await this.#watch.set(this.#path, this.#onChange, (watch) =>
        this.#session.children(this.#path, watch),
      );
      return again === undefined || contendersOf(again).length > 0 ? "changing" : { leader: undefined };
    } catch (error) {
      if (error instanceof OutcomeUnknown || error instanceof TryAgain) return error;
      // The session was closed since the last look: the next one will show it.
      if (isOver(this.#session)) return "changing";
      throw error;
    }
  }

  close(): void {
    this.#session.off("state", this.#onChange);
    this.#watch.cancel();
  }
}

function standingOf({ name }: Contender, { data: content, stat }: { data: Buffer; stat: Stat }): Standing {
  const { data, announced } = decode(content);
  return { name, token: stat.czxid, data, announced: announced === stat.czxid };
}

/**
 * Settles as the promise does, or rejects with the signal's reason first. It leaves nothing behind on the
 * signal, or on a promise that outlives an iteration: an observer may run for months.
 */
function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}
