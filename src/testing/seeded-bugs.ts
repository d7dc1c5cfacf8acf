/**
 * Bugs that occurred in the wild, or that a reader of this election might be tempted to make, each as a small
 * patch of the real code: the simulation must find every one of them, or it proves nothing.
 */
import type { Invariant } from "../simulation/judge.ts";

export interface Edit {
  /** The path below `src`. */
  readonly file: string;
  /** The text occurs once in the file. */
  readonly from: string;
  readonly to: string;
}

export interface SeededBug {
  readonly name: string;
  /** Where the bug was seen, if it was. */
  readonly source?: string;
  readonly edits: readonly Edit[];
  /** The invariants that may notice it first. */
  readonly breaks: readonly Invariant[];
  /**
   * The best of some dozen seeds: a walk from here finds it soon. Other code plays other schedules from the
   * same seed, so a change of the election, the model or the walk may make the search longer, and never
   * impossible.
   */
  readonly seed: number;
}

const candidacy = (from: string, to: string): Edit => ({ file: "election/candidacy.ts", from, to });
const election = (from: string, to: string): Edit => ({ file: "election/election.ts", from, to });
const entry = (from: string, to: string): Edit => ({ file: "election/entry.ts", from, to });
const estate = (from: string, to: string): Edit => ({ file: "zookeeper/estate.ts", from, to });
const lease = (from: string, to: string): Edit => ({ file: "election/lease.ts", from, to });
const scheme = (from: string, to: string): Edit => ({ file: "election/predecessor.ts", from, to });

export const seededBugs: readonly SeededBug[] = [
  {
    name: "claims when its watch fires, without looking who is before it",
    source: "ewhauser/zookeeper#31",
    edits: [
      scheme("return before === undefined ?", 'return before === undefined || view.cause === "notified" ?'),
    ],
    breaks: ["a"],
    seed: 10,
  },
  {
    name: "watches the very first instead of the nearest before it",
    source: "kazoo 7dd4c4c, ZOOKEEPER-3162",
    edits: [scheme("contender: before }", "contender: view.contenders[0] ?? before }")],
    // Under the scheme heir, a second candidate that watches the leader takes itself for the heir.
    breaks: ["a", "e"],
    seed: 1,
  },
  {
    name: "orders by the whole name",
    source: "Recipes, note on the GUID",
    edits: [
      {
        file: "election/contenders.ts",
        from: "return a.sequence - b.sequence;",
        to: "return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;",
      },
    ],
    breaks: ["a", "b", "e"],
    seed: 1,
  },
  {
    name: "joins at the end of the counter, where all later ones get the same number",
    source: "DataTree.createNode of 3.9",
    edits: [
      {
        file: "election/contenders.ts",
        from: "const LAST_NUMBER = 2_146_483_647;",
        to: "const LAST_NUMBER = 2_147_483_647;",
      },
    ],
    breaks: ["a", "b", "e"],
    seed: 31,
  },
  {
    name: "leads without its own znode in the list",
    source: "CURATOR-696, etcd's election",
    edits: [
      candidacy("if (view.position === -1) return this.#vanished();", ""),
      candidacy(
        "if (!stat?.createdInThisSession) this.#vanished();\n    else if (this.#token === undefined) {",
        "if (stat !== undefined && this.#token === undefined) {",
      ),
    ],
    breaks: ["a", "d", "e", "g"],
    seed: 7,
  },
  {
    name: "does nothing when its own znode is missing in the list",
    source: "ZooKeeper's LeaderElectionSupport",
    edits: [
      candidacy("if (view.position === -1) return this.#vanished();", "if (view.position === -1) return;"),
      candidacy(
        "if (!stat?.createdInThisSession) this.#vanished();\n    else if (this.#token === undefined) {",
        "if (stat !== undefined && this.#token === undefined) {",
      ),
    ],
    breaks: ["d", "e", "g"],
    seed: 7,
  },
  {
    name: "waits on a predecessor that has gone meanwhile",
    source: "apache/helix#44, CURATOR-527",
    edits: [
      candidacy(
        'if (found === undefined) return this.#look("vanished");',
        "if (found === undefined) return this.#settle({ state: 'waiting', contender: this.contender, watching: target });",
      ),
    ],
    breaks: ["e", "g"],
    seed: 9,
  },
  {
    name: "does not look again after a reconnection",
    source: "kazoo#170, apache/pulsar#23138",
    edits: [
      candidacy(
        "} else this.#lookAfterOwn(cause);",
        "} else if (cause === 'joined') this.#lookAfterOwn(cause);",
      ),
    ],
    breaks: ["g"],
    seed: 1,
  },
  {
    name: "sets its watch again at each reconnection",
    source: "CURATOR-478",
    edits: [
      {
        file: "election/kept-watch.ts",
        from: "if (before?.znode === znode && before.watch.armed) {",
        to: "if (before === null) {",
      },
    ],
    breaks: ["e"],
    seed: 2,
  },
  {
    name: "trusts that a watch which was armed before still is",
    edits: [
      candidacy("if (!this.#watch.armed) return this.#wait(attempt, target);", ""),
      candidacy("if (!this.#watch.armed) return await this.#look(cause);", ""),
    ],
    breaks: ["e", "g"],
    seed: 16,
  },
  {
    name: "accepts answers from before the disconnection",
    source: "CURATOR-653",
    edits: [
      candidacy("if (attempt !== this.#attempt) return;\n      const view", "const view"),
      candidacy("if (attempt !== this.#attempt) return;\n      // Only children", "// Only children"),
    ],
    breaks: ["a", "e", "g", "h"],
    seed: 25,
  },
  {
    name: "repeats a create whose reply was lost, without looking for its guid",
    source: "CURATOR-45, apache/accumulo#1866",
    edits: [entry('outcome = "unknown";', 'outcome = "known";')],
    breaks: ["d"],
    seed: 3,
  },
  {
    name: "looks for its guid on a server that may lag behind",
    source: "Consistency Guarantees, sync",
    edits: [entry("await session.sync(path);\n  const children", "const children")],
    breaks: ["d"],
    seed: 5,
  },
  {
    name: "repeats a create by number whose reply was lost, without looking for its guid",
    source: "CURATOR-45",
    edits: [
      entry(
        "if (parent !== undefined) return findByNumber(session, path, children, { guid, parent });",
        "if (parent !== undefined) return undefined;",
      ),
    ],
    breaks: ["d"],
    seed: 1,
  },
  {
    name: "takes the newest contender by number for its own after a lost reply",
    edits: [
      {
        file: "election/by-number.ts",
        from: "if (found.stat.createdInThisSession && its === guid) return name;",
        to: "if (its !== undefined) return name;",
      },
    ],
    breaks: ["a", "b", "d", "e", "g", "h"],
    seed: 1,
  },
  {
    name: "waits behind the nearest that has joined by number, though others may be between",
    edits: [
      candidacy(
        'if (found === undefined) return this.#look("vanished");',
        `if (found === undefined) {
          const next = this.#context.guid === undefined ? undefined : namesake(target, 1);
          return next === undefined ? this.#look("vanished") : this.#wait(attempt, next);
        }`,
      ),
    ],
    breaks: ["a", "e", "g"],
    seed: 1,
  },
  {
    name: "leads when the one just before has gone while it was disconnected, though others may be before that",
    edits: [
      candidacy(
        "void this.#waitBehind(this.#before);",
        `const [attempt, before] = [++this.#attempt, this.#before];
        if (cause === "joined") return void this.#waitBehind(before);
        this.#context.session.get(this.#context.path + "/" + before.name).then(
          (found) => {
            if (attempt !== this.#attempt) return;
            if (found === undefined) this.#claim();
            else void this.#waitBehind(before);
          },
          (error) => attempt === this.#attempt && this.#failed(error),
        );`,
      ),
    ],
    breaks: ["a"],
    seed: 2,
  },
  {
    name: "continues its term when another session has replaced the one that expired",
    source: "CURATOR-696, apache/druid#16411",
    edits: [
      election(
        "this.#candidacy?.stop(state);",
        'if (state === "closed" || this.#options.rejoin !== true) this.#candidacy?.stop(state);',
      ),
    ],
    breaks: ["a", "d", "g", "h"],
    seed: 5,
  },
  {
    name: "leaves without deleting its contender",
    edits: [election("if (await remove(this.#session, znode, this.#retries()))", "if (znode)")],
    breaks: ["d", "f", "g"],
    seed: 5,
  },
  {
    name: "gives up a delete whose reply was lost",
    source: "CURATOR-202, CURATOR-678",
    edits: [
      entry(
        "if (!passes(error)) {\n        if (error",
        "if (passes(error)) return false;\n      {\n        if (error",
      ),
    ],
    breaks: ["d", "f", "g"],
    seed: 54,
  },
  {
    name: "forgets a create that was given up while its outcome was unknown",
    source: "CURATOR-45, a4ee4b58",
    edits: [
      entry(
        "await connected(session);\n    try {\n      if (outcome",
        "await connected(session);\n    if (!entry.wanted()) return undefined;\n    try {\n      if (outcome",
      ),
    ],
    breaks: ["d", "f", "g"],
    seed: 14,
  },
  {
    name: "steps down only when it is told that the session has expired",
    source: "marathon#2509",
    edits: [
      candidacy(
        'if (this.#leadership !== undefined && this.#context.suspendedPolicy === "session") return;',
        "if (this.#leadership !== undefined) return;",
      ),
    ],
    breaks: ["a"],
    seed: 1,
  },
  {
    name: "counts the lease from the answer instead of the question",
    source: "CURATOR-460",
    edits: [
      {
        file: "zookeeper/contacts.ts",
        from: "this.#last = contact;",
        to: "contact = { ...contact, sentAt: contact.answeredAt };\n    this.#last = contact;",
      },
    ],
    breaks: ["a"],
    seed: 48,
  },
  {
    name: "counts the lease from contacts that may never have been passed on",
    edits: [
      {
        file: "election/lease.ts",
        from: 'if (contact.type === "connected") return contact.sentAt;',
        to: "return contact.sentAt;",
      },
    ],
    breaks: ["a"],
    seed: 3,
  },
  {
    name: "allows for the longest pause between two contacts, though the ping may be late in another one",
    edits: [
      lease(
        "const aLittle = this.tickTimeMs * PING_WITHIN;",
        `let stillMs = 0;
        let later = n;
        for (const contact of this.#session.contacts.backwards()) {
          if (contact.type === "connected") return contact.sentAt;
          stillMs = Math.max(stillMs, later.answeredAt - contact.sentAt);
          if (n.sentAt - contact.answeredAt >= this.tickTimeMs / 2 + stillMs) return contact.sentAt;
          later = contact;
        }
        const aLittle = 0;`,
      ),
    ],
    breaks: ["a"],
    seed: 37,
  },
  {
    name: "takes a contact for passed on without a sync that the ping can have overtaken (l)",
    edits: [
      lease(
        'answeredBy = contact.sentAt - aLittle;\n          looksFor = "l";',
        'answeredBy = contact.sentAt - this.tickTimeMs / 2 - aLittle;\n          looksFor = "c";',
      ),
    ],
    breaks: ["a"],
    seed: 16,
  },
  {
    name: "takes a contact for passed on without a sync that shows that the ping has arrived (m)",
    edits: [
      lease("let answeredBy = n.sentAt;", "let answeredBy = n.sentAt - aLittle;"),
      lease('let looksFor: "m" | "l" | "c" = "m";', 'let looksFor: "m" | "l" | "c" = "l";'),
    ],
    breaks: ["a"],
    seed: 31,
  },
  {
    name: "feeds the lease with reads, which a server cut off from its leader still answers",
    edits: [
      {
        file: "election/heartbeat.ts",
        from: "const answer = this.#session.sync(this.#path);\n      this.#runtime.sent?.(answer);\n      this.#listener.sent();\n      await answer;",
        to: "const sentAt = this.#runtime.now();\n      const answer = this.#session.exists(this.#path);\n      this.#listener.sent();\n      await answer;\n      this.#session.contacts.add({ type: 'synced', sentAt, answeredAt: this.#runtime.now() });",
      },
    ],
    breaks: ["a"],
    seed: 12,
  },
  {
    name: "has no lease: a term is valid until it is told otherwise",
    source: "HADOOP's and Curator's notes on long pauses",
    edits: [
      {
        file: "election/term.ts",
        from: "return this.#end === undefined && this.#lease.valid;",
        to: "return this.#end === undefined;",
      },
    ],
    breaks: ["a"],
    seed: 1,
  },
  {
    name: "does not watch its own znode while it leads",
    source: "CURATOR-49, CURATOR-171",
    edits: [
      candidacy("await Promise.all([announced, this.#watchOwn()]);", "await announced;"),
      candidacy("if (!this.#own.watched) this.#askAfterOwn();", ""),
    ],
    breaks: ["a", "d", "e", "g"],
    seed: 1,
  },
  {
    name: "announces that it leads before it has seen that it does",
    edits: [
      candidacy(
        'this.#context.events.emit("created", this.contender, stat.czxid);',
        'this.#context.events.emit("created", this.contender, stat.czxid);\n        this.#own.announce(stat.czxid).catch(() => undefined);',
      ),
    ],
    breaks: ["a"],
    seed: 10,
  },
  {
    name: "believes an announcement that is not its znode's own",
    edits: [
      candidacy("decode(found.data).announced === found.stat.czxid;", 'found.data.toString() !== "" ;'),
    ],
    breaks: ["a"],
    seed: 10,
  },
  {
    name: "inherits without watching its own znode",
    edits: [
      candidacy(
        "if (!(await this.#watchOwn()) || attempt !== this.#attempt) return;\n    this.#heartbeat",
        "this.#heartbeat",
      ),
      candidacy("if (!this.#own.watched) this.#askAfterOwn();", ""),
    ],
    breaks: ["a", "d", "e"],
    seed: 1,
  },
  {
    name: "stays far from its turn when nobody is left whom it could ask for",
    edits: [
      candidacy(
        'else if (this.#heartbeat.pace === "far") this.#heartbeat.pace = "near";',
        'else if (this.#isGone()) this.#heartbeat.pace = "near";',
      ),
    ],
    breaks: ["g"],
    seed: 2,
  },
  {
    name: "inherits though its lease has run out",
    edits: [
      candidacy('this.#state === "heir" && lease.valid &&', 'this.#state === "heir" &&'),
      candidacy("if (!lease.valid) {", 'if (!lease.valid && this.#state !== "heir") {'),
    ],
    breaks: ["a", "b"],
    seed: 49,
  },
  {
    name: "inherits after a reconnection by what it knew before",
    edits: [
      candidacy(
        'this.#become("suspended", { state: "suspended" });',
        'if (this.#state === "heir") this.#context.become({ state: "suspended" });\n    else this.#become("suspended", { state: "suspended" });',
      ),
      candidacy(
        "} else this.#lookAfterOwn(cause);",
        '} else if (this.#state !== "heir") this.#lookAfterOwn(cause);',
      ),
    ],
    breaks: ["a", "e", "g"],
    seed: 24,
  },
  {
    name: "a will closes the session when the connection to whoever keeps it is lost",
    edits: [estate("resolve(CLOSED_THERE.includes(code))", "resolve(true)")],
    breaks: ["a"],
    seed: 37,
  },
  {
    name: "a will closes the session when its connection to a server is lost",
    edits: [
      {
        file: "simulation/model-wills.ts",
        from: 'if (state !== "closed" && state !== "expired") return;',
        to: 'if (state === "suspended") this.end();\n      if (state !== "closed" && state !== "expired") return;',
      },
    ],
    breaks: ["a"],
    seed: 1,
  },
  {
    name: "the fence compares and writes in two steps",
    source: "KAFKA-6082",
    edits: [{ file: "election/fence.ts", from: "content, before.stat.version)", to: "content, -1)" }],
    breaks: ["c"],
    seed: 1,
  },
  {
    name: "the fence lets the last writer win",
    edits: [{ file: "election/fence.ts", from: "if (!admits(highest)) throw", to: "if (highest < 0) throw" }],
    breaks: ["c"],
    seed: 15,
  },
];
