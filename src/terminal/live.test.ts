import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Scheme } from "../election/scheme.ts";
import { schemes } from "../election/schemes.ts";
import { faults } from "../faults/faults.ts";
import { defaultConditions } from "../history/conditions.ts";
import type { RunProgress } from "../run/progress.ts";
import type { TrialPlan } from "../run/trial-plan.ts";
import { liveOn } from "./live.ts";
import { silent } from "./silent.ts";

const plan: TrialPlan = {
  trial: 1,
  scheme: schemes.predecessor,
  schemeSource: { name: "predecessor" },
  ...defaultConditions,
  fault: faults.follower,
  candidates: 300,
  failovers: 20,
};

const opening: RunProgress = {
  type: "opening",
  groups: [{ trials: [plan, { ...plan, trial: 2 }], turns: { failovers: 10, warmUps: 1 } }],
};

const starting = (started: number): RunProgress => ({
  type: "starting",
  plan,
  started,
  candidates: 300,
});

const line = [271, 3, ...Array.from({ length: 298 }, (_, index) => 300 + index)];

const failover = (number: number, changes: object = {}): RunProgress => ({
  type: "failover",
  plan,
  failover: number,
  failovers: 20,
  line,
  last: undefined,
  ...changes,
});

const ended = (changes: object): RunProgress =>
  ({
    type: "trial-ended",
    plan,
    result: { summary: { failoverMs: null }, ...changes },
  }) as unknown as RunProgress;

const wholeRun = [
  opening,
  starting(0),
  starting(300),
  failover(1),
  failover(20),
  { type: "leaving", plan },
  ended({ state: "completed" }),
  { type: "closing" },
] as const satisfies readonly RunProgress[];

/** A minimal terminal for a line that changes: what is on the screen after all output. */
class Screen {
  readonly isTTY = true;
  readonly rows = 24;
  readonly columns: number;
  #lines = [""];
  #row = 0;
  #column = 0;

  constructor(columns: number) {
    this.columns = columns;
  }

  get stream(): NodeJS.WriteStream {
    return this as unknown as NodeJS.WriteStream;
  }

  get lines(): readonly string[] {
    return this.#lines.map((line) => line.trimEnd());
  }

  write(text: string): boolean {
    // biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal is told by control characters
    for (const [part, count, command] of text.matchAll(/\u001b\[\??(\d*)([A-Za-z])|\n|[^\u001b\n]+/g)) {
      if (command !== undefined) this.#command(command, Number(count || 1), count ?? "");
      else if (part === "\n") this.#moveTo(this.#row + 1, 0);
      else for (const character of part) this.#type(character);
    }
    return true;
  }

  #command(command: string, count: number, mode: string): void {
    const line = this.#lines[this.#row] ?? "";
    if (command === "A") this.#moveTo(this.#row - count, this.#column);
    else if (command === "B") this.#moveTo(this.#row + count, this.#column);
    else if (command === "G") this.#column = count - 1;
    else if (command === "K") this.#lines[this.#row] = mode === "2" ? "" : line.slice(0, this.#column);
    else if (command === "J") this.#lines.splice(this.#row + 1);
    else if (!"hlm".includes(command)) throw new Error(`this screen does not know the command ${command}`);
  }

  #type(character: string): void {
    if (this.#column === this.columns) this.#moveTo(this.#row + 1, 0);
    const line = (this.#lines[this.#row] ?? "").padEnd(this.#column);
    this.#lines[this.#row] = line.slice(0, this.#column) + character + line.slice(this.#column + 1);
    this.#column++;
  }

  #moveTo(row: number, column: number): void {
    this.#row = row;
    this.#column = column;
    while (this.#lines.length <= row) this.#lines.push("");
  }
}

function pipe(): { stream: NodeJS.WriteStream; text: () => string } {
  let text = "";
  const write = (part: string) => {
    text += part;
    return true;
  };
  return { stream: { write } as unknown as NodeJS.WriteStream, text: () => text };
}

beforeEach(() => {
  vi.stubEnv("NO_COLOR", undefined);
  vi.stubEnv("TERM", "xterm-256color");
});

afterEach(() => {
  vi.unstubAllEnvs();
});

test("in a terminal one line says what is happening now", () => {
  const screen = new Screen(120);
  const live = liveOn(screen.stream);
  live.show(opening);
  expect(screen.lines.join("\n").trim()).toBe("opening the ensemble");
  live.show(starting(31));
  expect(screen.lines.join("\n").trim()).toBe(
    "░░░░░░░░░░ 0 % · trial 1/2: predecessor, 300 candidates, follower: starting 31/300",
  );
  live.show(failover(0));
  expect(screen.lines.join("\n").trim()).toBe(
    "░░░░░░░░░░ 1 % · trial 1/2: predecessor, 300 candidates, follower: warm-up · " +
      "c271 ♛ ← c3 ← c300 ← c301 … (299 wait)",
  );
  live.show({ type: "closing" });
  expect(screen.lines.join("\n").trim()).toBe("closing the ensemble");
});

/** Shows one failover at this width, after a first turn with this median. */
function shownAt(columns: number, progress: RunProgress, p50?: number): string {
  const screen = new Screen(columns);
  const live = liveOn(screen.stream);
  live.show(opening);
  if (p50 !== undefined) live.show({ type: "turn-ended", plan, p50 });
  live.show(progress);
  return screen.lines.join("\n").trim();
}

test("between failovers the line says who leads, who waits, and what the last failover led to", () => {
  const seventh = failover(7, { last: { woken: 1, ms: 2.294 } });
  expect(shownAt(200, seventh, 2.401)).toBe(
    "░░░░░░░░░░ 1 % · trial 1/2: predecessor, 300 candidates, follower: failover 7/20 · " +
      "c271 ♛ ← c3 ← c300 ← c301 ← c302 ← c303 ← c304 … (299 wait) · " +
      "last: 1 woken, 2.29 ms · median 2.40 ms",
  );
  expect(shownAt(140, seventh, 2.401)).toBe(
    "░░░░░░░░░░ 1 % · trial 1/2: predecessor, 300 candidates, follower: failover 7/20 · " +
      "c271 ♛ ← c3 ← c300 … (299 wait) · last: 1 woken, 2.29 ms",
  );
  expect(shownAt(80, seventh)).toBe(
    "1 % · predecessor 7/20 · c271 ♛ ← c3 … (299 wait) · last: 1 woken, 2.29 ms",
  );
  expect(shownAt(80, failover(2, { line: [4, 0, 1], last: { woken: 0, ms: null } }))).toBe(
    "1 % · predecessor, failover 2/20 · c4 ♛ ← c0 ← c1 (2 wait) · last: 0 woken",
  );
});

test("strikes by hand are only counted: nobody knows when the next one comes", () => {
  expect(shownAt(120, failover(3, { failovers: 0, last: { woken: 1, ms: 2.294 } }))).toBe("strike 3");
});

test("arrows point to whose end wakes, by the scheme's own rule", () => {
  const under = (scheme: Scheme) =>
    shownAt(120, failover(1, { plan: { ...plan, scheme }, line: [2, 0, 1] }))
      .split(" · ")
      .slice(-2)
      .join(" · ");
  expect(under(schemes.heir)).toMatch(/c2 ♛ ← c0 ← c1 \(2 wait\)$/);
  expect(under(schemes.leader)).toMatch(/c2 ♛ ← c0, c1 \(2 wait\)$/);
  expect(under(schemes.children)).toMatch(/c2 ♛ · c0, c1 \(2 wait\)$/);
  expect(under({ ...schemes.predecessor, isOpaque: true })).toMatch(/c2 ♛ · c0, c1 \(2 wait\)$/);
});

test("a terminal that can only draw ASCII gets nothing else", () => {
  vi.stubEnv("TERM", "linux");
  expect(shownAt(120, failover(7, { last: { woken: 1, ms: 2.294 } }))).toBe(
    "1 % | predecessor, failover 7/20 | c271 leads <- c3 <- c300 <- c301 <- c302 ... (299 wait) | last: 1 woken, 2.29 ms",
  );
  expect(shownAt(20, failover(7))).toBe("1 % | predecesso...");
});

test.each([1, 2, 20, 40, 60, 80, 100, 140, 400])(
  "never takes more than one line of %i columns",
  (columns) => {
    const screen = new Screen(columns);
    const live = liveOn(screen.stream);
    for (const progress of wholeRun) {
      live.show(progress);
      expect(screen.lines.filter((line) => line !== "").length).toBeLessThanOrEqual(1);
    }
    live.show(failover(7, { last: { woken: 299, ms: 12.345 } }));
    expect(screen.lines.filter((line) => line !== "")).toHaveLength(1);
    if (columns < 80) expect(screen.lines.find((line) => line !== "")).toMatch(/…$/);
  },
);

test("leaves nothing behind: later output starts where it was", () => {
  const screen = new Screen(80);
  screen.write("$ yarn lab\n");
  const live = liveOn(screen.stream);
  for (const progress of wholeRun) live.show(progress);
  live.end();
  live.end();
  screen.write("the table\n");
  expect(screen.lines).toEqual(["$ yarn lab", "the table", ""]);
});

test("Ctrl-C is acknowledged at once, and later progress does not hide it", () => {
  const screen = new Screen(80);
  const live = liveOn(screen.stream);
  live.show(failover(3));
  screen.write("^C");
  live.interrupted();
  live.show(failover(4));
  live.show({ type: "closing" });
  expect(screen.lines.join("\n").trim()).toBe("interrupted: ending in order; Ctrl-C again ends at once");
  live.end();
  expect(screen.lines.join("")).toBe("");
});

test("does not hide the cursor: a killed process cannot show it again", () => {
  const written = vi.spyOn(process.stderr, "write").mockReturnValue(true);
  const tty = Object.getOwnPropertyDescriptor(process.stderr, "isTTY");
  Object.defineProperty(process.stderr, "isTTY", { value: true, configurable: true });
  try {
    const live = liveOn(process.stderr);
    for (const progress of wholeRun) live.show(progress);
    live.end();
    expect(written.mock.calls.join("")).toContain("opening the ensemble");
    expect(written.mock.calls.join("")).not.toContain("\u001b[?25l");
  } finally {
    if (tty === undefined) Reflect.deleteProperty(process.stderr, "isTTY");
    else Object.defineProperty(process.stderr, "isTTY", tty);
    written.mockRestore();
  }
});

const words = "--candidates 300 with --session-timeout 4000: on 2 processors, sessions may end";

test("a caution stays above the line that changes", () => {
  const screen = new Screen(120);
  const live = liveOn(screen.stream);
  live.show(opening);
  live.show({ type: "caution", words });
  live.show(starting(31));
  live.end();
  expect(screen.lines.filter((line) => line !== "")).toEqual([`! ${words}`]);
});

test("a pipe gets a caution, too", () => {
  const { stream, text } = pipe();
  liveOn(stream).show({ type: "caution", words });
  expect(text()).toBe(`${words}\n`);
});

test("a pipe gets a plain line for each trial", () => {
  const { stream, text } = pipe();
  const live = liveOn(stream);
  for (const progress of wholeRun) live.show(progress);
  live.show(ended({ state: "completed", summary: { failoverMs: { p50: 2.294 } } }));
  live.show(ended({ state: "aborted", reason: "failover 3: no new leader within 9200 ms" }));
  live.end();
  const trial = "trial 1/2: predecessor, 300 candidates, follower:";
  expect(text()).toBe(
    `${trial} completed\n${trial} completed, failover p50 2.29 ms\n` +
      `${trial} aborted, failover 3: no new leader within 9200 ms\n`,
  );
});

test("NO_COLOR turns drawing off in a terminal, too", () => {
  vi.stubEnv("NO_COLOR", "1");
  const screen = new Screen(80);
  const live = liveOn(screen.stream);
  for (const progress of wholeRun) live.show(progress);
  live.interrupted();
  live.end();
  expect(screen.lines).toEqual([
    "trial 1/2: predecessor, 300 candidates, follower: completed",
    "interrupted: ending in order; Ctrl-C again ends at once",
    "",
  ]);
});

test("silence is silent", () => {
  for (const progress of wholeRun) silent.show(progress);
  silent.interrupted();
  silent.end();
});
