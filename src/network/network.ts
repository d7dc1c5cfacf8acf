/**
 * The network of a run: relays in the paths between candidates and servers, and between servers, all in one
 * thread. A run whose trials need none has none.
 *
 * Every time that is told is the moment when the thread acted, in nanoseconds since the run's origin, on the
 * clock that all threads share. A rule with `forMs` ends in the thread itself: nobody has to be awake for it.
 */
import { Worker } from "node:worker_threads";
import { bundle } from "../package-root.ts";
import { errorFrom } from "../thrown.ts";
import { addedLatencyMs } from "./added-latency.ts";
import type { Address, Command, RelaySpec, Report, Request, ThreadData } from "./protocol.ts";
import type { Direction, Rule } from "./rule.ts";

export type LinkId = `candidate-${number}` | `servers-${number}-${number}`;

export function candidateLink(candidate: number): LinkId {
  return `candidate-${candidate}`;
}

/** Servers count from 1. */
export function serverLink(from: number, to: number): LinkId {
  return `servers-${from}-${to}`;
}

function pathsOf(candidates: readonly number[]): Path[] {
  return candidates.map((candidate) => ({ link: candidateLink(candidate) }));
}

/** The paths from one candidate to its servers, or from one server to the ports of another. */
export interface Link {
  readonly id: LinkId;
  /** The client tries them in this order. */
  readonly targets: readonly Address[];
  /** @default "zookeeper" */
  readonly carries?: "zookeeper" | "bytes";
  /**
   * Whether the relays wait for a target that refuses, for as long as the client stays connected.
   * @default false
   */
  readonly isPersistent?: boolean;
  /**
   * Connections to this target begin with an address at which the client can be called back, as those for
   * ZooKeeper's elections do: they are to name the address of this path.
   */
  readonly calledBack?: { readonly target: Address; readonly by: Path & { readonly towards: Address } };
  /** Rules that stay in force, in both directions. */
  readonly always?: readonly Rule[];
}

/** A whole link, or only its path towards one of its targets. */
export interface Path {
  readonly link: LinkId;
  readonly towards?: Address;
}

export interface RuleOptions {
  /** @default "both" */
  readonly direction?: Direction | "both";
  /**
   * The time from the command until the rule is in force.
   * @default 0
   */
  readonly afterMs?: number;
  /** It ends by itself after it was in force for this long; an `on-frame` rule, after it first acted. */
  readonly forMs?: number;
}

export interface RuleInForce {
  /** When it came into force. */
  readonly since: number;
  /** When an `on-frame` rule first acted; rejected if it ends before. */
  readonly reached: Promise<number>;
  /** When it ended, by itself or not. */
  readonly ended: Promise<number>;
  /** Ends it now, unless it has ended. @returns the time when it ended */
  end(): Promise<number>;
}

export interface NetworkOptions {
  /** `process.hrtime.bigint()` when the run began. */
  readonly origin: bigint;
  /** Jitter is drawn from it. */
  readonly seed: number;
  readonly links?: readonly Link[];
}

interface OpenPath {
  readonly relay: number;
  readonly target: Address;
  readonly address: Address;
}

interface Waiter<T> {
  resolve(value: T): void;
  reject(error: Error): void;
}

type Answer = Report & { readonly type: "opened" | "done" };

interface Moment extends Waiter<number> {
  readonly promise: Promise<number>;
}

/** What happens to a rule, and when. */
type Course = Readonly<Record<"began" | "reached" | "ended", Moment>>;

export class Network {
  readonly #worker: Worker;
  readonly #seed: number;
  readonly #links = new Map<LinkId, readonly OpenPath[]>();
  readonly #failure = new AbortController();
  readonly #answers = new Map<number, Waiter<Answer>>();
  readonly #courses = new Map<number, Course>();
  #addedMs: Promise<number> | undefined;
  #numbers = 0;
  #isClosing = false;

  private constructor({ origin, seed }: NetworkOptions) {
    this.#seed = seed;
    this.#worker = new Worker(bundle("relay.cjs"), {
      name: "network",
      workerData: { origin } satisfies ThreadData,
    });
    this.#worker.on("message", (report: Report) => this.#hear(report));
    this.#worker.on("error", (error) => this.#fail(errorFrom(error).message));
    this.#worker.on("exit", (code) => this.#fail(`its thread ended with code ${code}`));
  }

  /** @throws when it cannot start its thread, or cannot listen */
  static async open(options: NetworkOptions): Promise<Network> {
    const network = new Network(options);
    try {
      await network.add(options.links ?? []);
    } catch (error) {
      await network[Symbol.asyncDispose]();
      throw error;
    }
    return network;
  }

  /** Aborts with the reason if the thread fails: whatever runs through it is lost. */
  get failure(): AbortSignal {
    return this.#failure.signal;
  }

  /** The time that a relay itself adds to a round trip, in milliseconds. It is measured once. */
  addedMs(): Promise<number> {
    this.#addedMs ??= addedLatencyMs(this);
    return this.#addedMs;
  }

  /**
   * Makes links, each with a listening address on the loopback interface for each of its targets. One with the
   * same name is removed.
   */
  async add(links: readonly Link[]): Promise<void> {
    const replaced = links.map(({ id }) => id).filter((id) => this.#links.has(id));
    if (replaced.length > 0) await this.remove(replaced);
    const numbered = links.map((link) => ({
      link,
      paths: link.targets.map((target) => ({ relay: ++this.#numbers, target })),
    }));
    const relayOf = ({ link: id, towards }: Path & { readonly towards: Address }) =>
      numbered.find(({ link }) => link.id === id)?.paths.find(({ target }) => isSame(target, towards))?.relay;
    const relays = numbered.flatMap(({ link, paths }) => {
      const { carries = "zookeeper", always = [], isPersistent = false, calledBack } = link;
      return paths.map(({ relay, target }): RelaySpec => {
        const isCalledBack = calledBack !== undefined && isSame(calledBack.target, target);
        const greetsWith = isCalledBack ? relayOf(calledBack.by) : undefined;
        return { ...{ relay, target, carries, always, isPersistent, greetsWith }, seed: this.#seed + relay };
      });
    });
    const answer = await this.#ask({ type: "open", relays });
    const addresses = answer.type === "opened" ? [...answer.addresses] : [];
    const opened = relays.flatMap(({ relay, target }, index): OpenPath[] => {
      const address = addresses[index];
      return address === undefined ? [] : [{ relay, target, address }];
    });
    for (const { id, targets } of links) this.#links.set(id, opened.splice(0, targets.length));
  }

  /** Closes links, and resets their connections. */
  async remove(links: readonly LinkId[]): Promise<void> {
    const relays = this.#relays(links.map((link) => ({ link })));
    for (const link of links) this.#links.delete(link);
    await this.#ask({ type: "close", relays });
  }

  /** A candidate's connect string: its own address for each of its servers, in its order. */
  connectFor(candidate: number): string {
    const paths = this.#pathsOf(candidateLink(candidate));
    return paths.map(({ address: { host, port } }) => `${host}:${port}`).join(",");
  }

  /** Where a link's client reaches one of its targets. */
  addressOf(link: LinkId, target: Address): Address {
    const path = this.#pathsOf(link).find((path) => isSame(path.target, target));
    if (path === undefined) throw new Error(`${link} does not lead to ${target.host}:${target.port}`);
    return path.address;
  }

  /** @returns when the rule is in force */
  async apply(paths: readonly Path[], what: Rule, options: RuleOptions = {}): Promise<RuleInForce> {
    const { direction = "both", afterMs = 0, forMs = Number.POSITIVE_INFINITY } = options;
    const rule = ++this.#numbers;
    const course: Course = { began: moment(), reached: moment(), ended: moment() };
    this.#courses.set(rule, course);
    this.#post({
      ...{ type: "begin", id: rule, rule, relays: this.#relays(paths) },
      ...{ what, direction, afterMs, forMs },
    });
    const since = await course.began.promise;
    const end = async () => {
      await this.#ask({ type: "end", rule });
      return course.ended.promise;
    };
    return { since, reached: course.reached.promise, ended: course.ended.promise, end };
  }

  /** Cuts candidates off: nothing flows, new connections hang, and nobody is told. It heals when it ends. */
  cut(candidates: readonly number[], options: Omit<RuleOptions, "direction"> = {}): Promise<RuleInForce> {
    return this.apply(pathsOf(candidates), { type: "stall" }, options);
  }

  /** Loses what candidates are sent, or send. Connections that have lost something are reset at its end. */
  lose(candidates: readonly number[], options: RuleOptions): Promise<RuleInForce> {
    return this.apply(pathsOf(candidates), { type: "drop" }, options);
  }

  /** Cuts a server off from all others, both ways, while its clients reach it. It heals when it ends. */
  isolate(server: number, options: Omit<RuleOptions, "direction"> = {}): Promise<RuleInForce> {
    const [from, to] = [`servers-${server}-`, new RegExp(`^servers-\\d+-${server}$`)];
    const paths = [...this.#links.keys()]
      .filter((link) => link.startsWith(from) || to.test(link))
      .map((link) => ({ link }));
    if (paths.length === 0) throw new Error(`there are no relays between server ${server} and others`);
    return this.apply(paths, { type: "stall" }, options);
  }

  /** Resets the existing connections on both sides. @returns when that happened */
  async reset(paths: readonly Path[]): Promise<number> {
    const answer = await this.#ask({ type: "reset", relays: this.#relays(paths) });
    return answer.type === "done" ? answer.at : Number.NaN;
  }

  /** Ends all rules, except those that stay. */
  async healAll(): Promise<void> {
    await this.#ask({ type: "end-all" });
  }

  /** Ends the thread, and with it every connection. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosing = true;
    await this.#worker.terminate();
  }

  #pathsOf(link: LinkId): readonly OpenPath[] {
    const paths = this.#links.get(link);
    if (paths === undefined) throw new Error(`the network has no link ${link}`);
    return paths;
  }

  #relays(paths: readonly Path[]): number[] {
    return paths.flatMap(({ link, towards }) => {
      const all = this.#pathsOf(link);
      const some = towards === undefined ? all : all.filter(({ target }) => isSame(target, towards));
      if (some.length === 0) throw new Error(`${link} does not lead there`);
      return some.map(({ relay }) => relay);
    });
  }

  #ask(command: Command): Promise<Answer> {
    const id = ++this.#numbers;
    return new Promise((resolve, reject) => {
      this.#post({ ...command, id });
      this.#answers.set(id, { resolve, reject });
    });
  }

  #post(request: Request): void {
    if (this.failure.aborted) throw this.failure.reason;
    this.#worker.postMessage(request);
  }

  #hear(report: Report): void {
    switch (report.type) {
      case "opened":
      case "done":
        this.#answers.get(report.id)?.resolve(report);
        this.#answers.delete(report.id);
        return;
      case "failed":
        this.#answers.get(report.id)?.reject(new Error(`the network: ${report.message}`));
        this.#answers.delete(report.id);
        return;
      case "began":
      case "reached":
      case "ended":
        this.#courses.get(report.rule)?.[report.type].resolve(report.at);
        if (report.type === "ended") this.#forget(report.rule, "the rule ended before");
        return;
      default:
        report satisfies never;
    }
  }

  /** What has not happened by now never will. */
  #forget(rule: number, reason: string): void {
    for (const { reject } of Object.values(this.#courses.get(rule) ?? {})) reject(new Error(reason));
    this.#courses.delete(rule);
  }

  #fail(reason: string): void {
    const error = new Error(`the network failed: ${reason}`);
    for (const { reject } of this.#answers.values()) reject(error);
    this.#answers.clear();
    for (const rule of [...this.#courses.keys()]) this.#forget(rule, error.message);
    if (!this.#isClosing) this.#failure.abort(error);
  }
}

function moment(): Moment {
  let waiter: Waiter<number> | undefined;
  const promise = new Promise<number>((resolve, reject) => {
    waiter = { resolve, reject };
  });
  // Whoever does not wait for it hears of a failure elsewhere.
  promise.catch(() => undefined);
  return { promise, resolve: (at) => waiter?.resolve(at), reject: (error) => waiter?.reject(error) };
}

function isSame(one: Address, other: Address): boolean {
  return one.host === other.host && one.port === other.port;
}
