import { request } from "node:http";
import { text } from "node:stream/consumers";
import { afterEach, beforeEach, expect, test } from "vitest";
import { COORDINATOR } from "../history/event.ts";
import type { Powers } from "../live/ground.ts";
import { Occasions } from "../run/occasions.ts";
import { Desk } from "./desk.ts";
import { Hub } from "./hub.ts";
import { LiveServer } from "./server.ts";

const powers: Powers = {
  schemes: ["predecessor", "leader"],
  candidates: 3,
  sessionTimeoutMs: 4000,
  acts: ["resign"],
};

let server: LiveServer;
let desk: Desk;
let hub: Hub;
/** Ends the failover that goes on. */
let over: () => void;
let struck: number;

beforeEach(async () => {
  const elections = [new Occasions()];
  hub = new Hub(1, () => ({ act: "resign" }));
  desk = new Desk(elections, "thread", () => hub.publish());
  struck = 0;
  for (const election of elections) void runs(election);
  await desk.quiet();
  server = await LiveServer.open({ ...{ port: 0, page: "<!doctype html>", powers, servers: 0, hub, desk } });
});

/** A trial whose failovers end when the test says so. */
async function runs(election: Occasions): Promise<void> {
  for await (const { failover } of election) {
    struck++;
    await new Promise<void>((resolve) => {
      over = resolve;
    });
    const settled = { type: "settled", at: failover, candidate: COORDINATOR, failover } as const;
    hub.hear(0, [{ event: settled }]);
  }
}

afterEach(async () => {
  await server.close();
});

interface Asked {
  readonly path?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** A request as another program might make it, with whatever headers. */
async function ask({ path = "/", method = "GET", headers = {}, body = "" }: Asked) {
  const { port, search } = new URL(server.url);
  return new Promise<{ status: number | undefined; body: string }>((resolve, reject) => {
    const asked = request({ port, host: "127.0.0.1", path: path + search, method, headers }, (response) => {
      text(response).then((body) => resolve({ status: response.statusCode, body }), reject);
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

const strike = (body: string) => ask({ path: "/strike", method: "POST", body });

/** The events of a new connection, until there are so many. */
async function events(count: number, headers: Record<string, string> = {}): Promise<string[]> {
  const leave = new AbortController();
  const { origin, search } = new URL(server.url);
  const response = await fetch(`${origin}/events${search}`, { headers, signal: leave.signal });
  let heard = "";
  for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    heard += chunk;
    const parts = heard.split("\n\n").slice(0, -1);
    if (parts.length < count) continue;
    leave.abort();
    return parts;
  }
  return heard.split("\n\n");
}

test("serves the page to whoever knows the token, at the name that was printed", async () => {
  await expect(ask({})).resolves.toEqual({ status: 200, body: "<!doctype html>" });
  const { port } = new URL(server.url);
  await expect(ask({ headers: { host: `localhost:${port}` } })).resolves.toMatchObject({ status: 200 });
});

test.each([
  ["without the token", { path: "/?token=&" }, 403],
  ["by another name", { headers: { host: "evil.example" } }, 403],
  ["from another site's page", { headers: { origin: "http://evil.example" } }, 403],
  ["for something else", { path: "/result.json" }, 404],
  ["at no address", { path: "//:99999999" }, 400],
  ["outside of its folder", { path: "/../../etc/passwd" }, 404],
  ["with another method", { path: "/strike" }, 404],
] as const)("refuses requests %s", async (_, asked, status) => {
  await expect(ask(asked)).resolves.toMatchObject({ status });
  expect(struck).toBe(0);
});

test.each([["resign"], ['{"act":"kill","place":0}'], ['{"act":"resign","place":3}']])(
  "a strike that is none changes nothing: %s",
  async (body) => {
    await expect(strike(body)).resolves.toEqual({ status: 400, body: "that is no strike\n" });
    await expect(strike("x".repeat(2000))).resolves.toMatchObject({ status: 413 });
    expect(struck).toBe(0);
  },
);

test("while a strike is measured nothing is answered, and then everything", async () => {
  const answers: string[] = [];
  const struckOnce = strike('{"act":"resign","place":0}').then(({ status }) =>
    answers.push(`strike ${status}`),
  );
  await expect.poll(() => struck).toBe(1);
  const page = ask({}).then(({ status }) => answers.push(`page ${status}`));
  const struckTwice = strike('{"act":"resign","place":1}').then(({ status }) =>
    answers.push(`again ${status}`),
  );
  // A request that is answered at once is answered before this one returns.
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect([answers, struck]).toEqual([[], 1]);
  over();
  await Promise.all([struckOnce, page]);
  await expect.poll(() => struck).toBe(2);
  over();
  await struckTwice;
  expect(answers.toSorted()).toEqual(["again 204", "page 200", "strike 204"]);
});

test("a page that comes later hears everything, and one that comes back goes on where it was", async () => {
  for (const _ of [1, 2]) {
    const done = strike('{"act":"resign","place":0}');
    const before = struck;
    await expect.poll(() => struck).toBe(before + 1);
    over();
    await done;
  }
  const ids = (parts: readonly string[]) => parts.flatMap((part) => /^id: (\d+)$/m.exec(part)?.[1] ?? []);
  const all = await events(4);
  expect(ids(all)).toEqual(["0", "1"]);
  expect(all.at(-1)).toContain("event: caught-up");
  expect(ids(await events(3, { "last-event-id": "0" }))).toEqual(["1"]);
  expect(ids(await events(2, { "last-event-id": "1" }))).toEqual([]);
  for (const nonsense of ["-5", "", "0x1", "7"])
    expect(ids(await events(4, { "last-event-id": nonsense })), nonsense).toEqual(["0", "1"]);
});

test("ten pages hear of the same strike, and one that has left does no harm", async () => {
  const leaves = await events(2);
  expect(leaves.at(-1)).toContain("caught-up");
  const pages = Array.from({ length: 10 }, () => events(3));
  await ask({});
  const done = strike('{"act":"resign","place":0}');
  await expect.poll(() => struck).toBe(1);
  over();
  await done;
  for (const page of await Promise.all(pages)) expect(page.join()).toContain('"type":"settled"');
});

test("strikes wait for each other, but not any number of them", async () => {
  const all = Array.from({ length: 25 }, () => strike('{"act":"resign","place":0}'));
  let ended = 0;
  for (const one of all) void one.then(() => ended++);
  await expect
    .poll(() => {
      over?.();
      return ended;
    })
    .toBe(25);
  const statuses = (await Promise.all(all)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(0);
  expect(statuses.filter((status) => status === 204)).toHaveLength(struck);
});

test("strikes that wait for their turn at the end are not carried out, and say so", async () => {
  const first = strike('{"act":"resign","place":0}');
  await expect.poll(() => struck).toBe(1);
  const second = strike('{"act":"resign","place":1}');
  await new Promise((resolve) => setTimeout(resolve, 50));
  desk.close();
  over();
  expect([(await first).status, (await second).status, struck]).toEqual([204, 409, 1]);
});

test("after the end no strike is taken", async () => {
  desk.close();
  await expect(strike('{"act":"resign","place":0}')).resolves.toEqual({
    status: 409,
    body: "the run has ended\n",
  });
});

test("a port that is taken is said by its flag", async () => {
  const port = Number(new URL(server.url).port);
  const another = LiveServer.open({ ...{ port, page: "", powers, servers: 0, hub, desk } });
  await expect(another).rejects.toThrow(`--port ${port}: `);
});
