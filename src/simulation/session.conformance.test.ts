/** The contract of a session, on the model and on a real server: where they differ, the model is wrong. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startModelSide } from "../testing/session-sides/model-side.ts";
import { startNativeSide } from "../testing/session-sides/native-side.ts";
import type { Peer, Side } from "../testing/session-sides/side.ts";
import {
  BadArguments,
  BadVersion,
  ConnectionLoss,
  InvalidState,
  NoAuth,
  NoChildrenForEphemerals,
  NodeExists,
  NoNode,
  NotEmpty,
  OutcomeUnknown,
  SessionClosed,
  SessionExpired,
} from "../zookeeper/errors.ts";
import { type Session, type SessionState, Watch, type WatchEvent } from "../zookeeper/session.ts";

const sides = {
  model: () => startModelSide(),
  "model of three replicas": () => startModelSide(3),
  "real server": startNativeSide,
};

/** Short enough to wait for, in milliseconds. */
const SHORT = 900;

function watching(): { watch: Watch; events: WatchEvent[] } {
  const events: WatchEvent[] = [];
  return { watch: new Watch((event) => events.push(event)), events };
}

function statesOf(session: Session): SessionState[] {
  const states: SessionState[] = [];
  session.on("state", (state) => states.push(state));
  return states;
}

/** What it was rejected with; a failure of the test if it was not. */
function rejection(promise: Promise<unknown>): Promise<unknown> {
  return promise.then(
    (value) => {
      throw new Error(`resolved with ${value}`);
    },
    (error: unknown) => error,
  );
}

describe.each(Object.keys(sides) as (keyof typeof sides)[])("%s", (name) => {
  let side: Side;
  let peer: Peer;
  let session: Session;
  /** Another one, whose connection nothing happens to. */
  let other: Session;
  let top: string;
  let tests = 0;

  beforeAll(async () => {
    side = await sides[name]();
    other = await side.openDirectly(30_000);
  });

  afterAll(() => side[Symbol.asyncDispose]());

  beforeEach(async () => {
    peer = await side.open();
    ({ session } = peer);
    top = await session.create(`/conformance-${++tests}`, "", "persistent");
  });

  const untilState = ({ session }: Peer, state: SessionState) => side.until(() => session.state === state);

  describe("znodes", () => {
    test("each mode makes what it says", async () => {
      expect(await session.create(`${top}/a`, "", "persistent")).toBe(`${top}/a`);
      expect(await session.create(`${top}/b`, "", "ephemeral")).toBe(`${top}/b`);
      expect(await session.create(`${top}/c`, "", "container")).toBe(`${top}/c`);
      const owners = ["a", "b", "c"].map(
        async (name) => (await session.exists(`${top}/${name}`))?.ephemeralOwner,
      );
      expect(await Promise.all(owners)).toEqual(["0", session.id, "0"]);
    });

    test("sequential ones are numbered by all that was ever created below the parent", async () => {
      expect(await session.create(`${top}/a-`, "", "persistent-sequential")).toBe(`${top}/a-0000000000`);
      await session.create(`${top}/plain`, "", "persistent");
      await session.remove(`${top}/plain`);
      await rejection(session.create(`${top}/a-0000000000`, "", "persistent"));
      expect(await session.create(`${top}/b-`, "", "ephemeral-sequential")).toBe(`${top}/b-0000000002`);
      expect(await session.create(`${top}/`, "", "ephemeral-sequential")).toBe(`${top}/0000000003`);
    });

    test("a parent that is made anew begins again at 0", async () => {
      const parent = await session.create(`${top}/parent`, "", "persistent");
      const child = await session.create(`${parent}/a-`, "", "persistent-sequential");
      await session.remove(child);
      await session.remove(parent);
      await session.create(parent, "", "persistent");
      expect(await session.create(`${parent}/a-`, "", "persistent-sequential")).toBe(
        `${parent}/a-0000000000`,
      );
    });

    test("the zxid of creation rises from znode to znode, and stays", async () => {
      const first = await session.create(`${top}/a`, "", "persistent");
      const second = await other.create(`${top}/b`, "", "persistent");
      const [a, b] = [await session.exists(first), await other.exists(second)];
      expect(b?.czxid).toBeGreaterThan(a?.czxid ?? Number.POSITIVE_INFINITY);
      const changed = await session.set(first, "data", -1);
      expect(changed?.czxid).toBe(a?.czxid);
      expect(changed?.mzxid).toBeGreaterThan(b?.mzxid ?? Number.POSITIVE_INFINITY);
    });

    test("a stat counts changes of the data and of the children", async () => {
      await session.set(top, "größer", -1);
      await session.create(`${top}/a`, "", "persistent");
      await session.create(`${top}/b`, "", "persistent");
      await session.remove(`${top}/a`);
      const found = await session.get(top);
      expect(found?.data.toString()).toBe("größer");
      expect(found?.stat).toEqual(await session.exists(top));
      expect(found?.stat).toMatchObject({
        version: 1,
        cversion: 3,
        dataLength: 8,
        numChildren: 1,
        ephemeralOwner: "0",
        createdInThisSession: false,
      });
      expect(found?.stat.pzxid).toBeGreaterThan(found?.stat.mzxid ?? Number.POSITIVE_INFINITY);
    });

    test("an ephemeral one is of the session that made it", async () => {
      const path = await session.create(`${top}/own`, "", "ephemeral");
      expect(await session.exists(path)).toMatchObject({
        createdInThisSession: true,
        ephemeralOwner: session.id,
      });
      await other.sync(path);
      expect(await other.exists(path)).toMatchObject({
        createdInThisSession: false,
        ephemeralOwner: session.id,
      });
    });

    test("children are names", async () => {
      await session.create(`${top}/a`, "", "persistent");
      await session.create(`${top}/b`, "", "ephemeral");
      expect((await session.children(top))?.toSorted()).toEqual(["a", "b"]);
      expect(await session.children(`${top}/a`)).toEqual([]);
    });

    test("a missing one is an answer", async () => {
      const missing = `${top}/missing`;
      expect(await session.get(missing)).toBeUndefined();
      expect(await session.exists(missing)).toBeUndefined();
      expect(await session.children(missing)).toBeUndefined();
      expect(await session.set(missing, "", -1)).toBeUndefined();
      expect(await session.setAcl(missing, [{ permissions: 31, scheme: "world", id: "anyone" }])).toBe(false);
      expect(await session.remove(missing)).toBe(false);
      await session.sync(missing);
      expect(await session.remove(top)).toBe(true);
    });

    test("versions are obeyed", async () => {
      expect(await session.set(top, "one", 0)).toMatchObject({ version: 1 });
      expect(await rejection(session.set(top, "two", 0))).toBeInstanceOf(BadVersion);
      expect(await rejection(session.remove(top, 0))).toBeInstanceOf(BadVersion);
      expect((await session.get(top))?.data.toString()).toBe("one");
      expect(await session.remove(top, 1)).toBe(true);
    });

    test.each([
      { what: "what exists", type: NodeExists, code: -110, below: "" },
      { what: "below a missing parent", type: NoNode, code: -101, below: "/missing/a" },
      { what: "below an ephemeral", type: NoChildrenForEphemerals, code: -108, below: "/ephemeral/a" },
    ])("creating $what is refused", async ({ type, code, below }) => {
      await session.create(`${top}/ephemeral`, "", "ephemeral");
      const error = await rejection(session.create(`${top}${below}`, "", "persistent"));
      expect(error).toBeInstanceOf(type);
      expect(error).toMatchObject({ code, path: `${top}${below}` });
    });

    test("removing what has children is refused", async () => {
      await session.create(`${top}/a`, "", "persistent");
      expect(await rejection(session.remove(top))).toBeInstanceOf(NotEmpty);
    });

    test.each(["no-slash", "", "/a/", "/a//b", "/a/../b", "/a/."])("%j is no path", async (path) => {
      expect(await rejection(session.get(path))).toBeInstanceOf(BadArguments);
    });

    test("an ACL is obeyed", async () => {
      await session.create(`${top}/a`, "", "persistent");
      // To read, and to be an administrator.
      expect(await session.setAcl(top, [{ permissions: 17, scheme: "world", id: "anyone" }])).toBe(true);
      expect(await session.children(top)).toEqual(["a"]);
      expect(await rejection(session.create(`${top}/b`, "", "ephemeral"))).toBeInstanceOf(NoAuth);
      expect(await rejection(session.set(top, "", -1))).toBeInstanceOf(NoAuth);
      expect(await rejection(session.remove(`${top}/a`))).toBeInstanceOf(NoAuth);
      await session.setAcl(top, [{ permissions: 16, scheme: "world", id: "anyone" }]);
      expect(await rejection(session.children(top))).toBeInstanceOf(NoAuth);
      expect(await rejection(session.get(top))).toBeInstanceOf(NoAuth);
    });

    test("after sync, what was decided before is seen", async () => {
      await other.sync(top);
      await other.set(top, "decided", -1);
      await session.sync(top);
      expect((await session.get(top))?.data.toString()).toBe("decided");
    });

    test("calls are answered in their order", async () => {
      const order: string[] = [];
      await Promise.all([
        session.create(`${top}/a`, "", "persistent").then(() => order.push("created")),
        session.exists(`${top}/a`).then((stat) => order.push(stat === undefined ? "missing" : "found")),
        session.remove(`${top}/a`).then(() => order.push("removed")),
        session.children(top).then((names) => order.push(`${names?.length} children`)),
        session.sync(top).then(() => order.push("synced")),
      ]);
      expect(order).toEqual(["created", "found", "removed", "0 children", "synced"]);
    });
  });

  describe("watches", () => {
    test("by get: once, for the deletion", async () => {
      const { watch, events } = watching();
      const path = await session.create(`${top}/a`, "", "persistent");
      await session.get(path, watch);
      await other.remove(path);
      await other.create(path, "", "persistent");
      await other.remove(path);
      await session.sync(top);
      expect(events).toEqual(["deleted"]);
    });

    test("by get: once, for a change of the data, and not for children", async () => {
      const { watch, events } = watching();
      await session.get(top, watch);
      await other.create(`${top}/a`, "", "persistent");
      await session.sync(top);
      expect(events).toEqual([]);
      await other.set(top, "one", -1);
      await other.set(top, "two", -1);
      await session.sync(top);
      expect(events).toEqual(["changed"]);
    });

    test("by children: once, for one that comes or goes, and not for data", async () => {
      const [coming, going] = [watching(), watching()];
      await session.children(top, coming.watch);
      await other.sync(top);
      await other.set(top, "data", -1);
      await session.sync(top);
      expect(coming.events).toEqual([]);
      await other.create(`${top}/a`, "", "persistent");
      await session.sync(top);
      await session.children(top, going.watch);
      await other.remove(`${top}/a`);
      await session.sync(top);
      expect([coming.events, going.events]).toEqual([["children"], ["children"]]);
    });

    test("by children: for the deletion of the parent itself", async () => {
      const { watch, events } = watching();
      await session.children(top, watch);
      await other.sync(top);
      await other.remove(top);
      await session.sync("/");
      expect(events).toEqual(["deleted"]);
    });

    test("several on one znode are all told; one that is set twice is told once", async () => {
      const [one, two, twice] = [watching(), watching(), watching()];
      await session.get(top, one.watch);
      await session.get(top, two.watch);
      await session.get(top, twice.watch);
      await session.children(top, twice.watch);
      await session.remove(top);
      await session.sync("/");
      expect([one.events, two.events, twice.events]).toEqual([["deleted"], ["deleted"], ["deleted"]]);
    });

    test("on a missing znode none is left", async () => {
      const { watch, events } = watching();
      expect(await session.get(`${top}/a`, watch)).toBeUndefined();
      expect(await session.children(`${top}/a`, watch)).toBeUndefined();
      await session.create(`${top}/a`, "", "persistent");
      await session.set(`${top}/a`, "data", -1);
      await session.create(`${top}/a/b`, "", "persistent");
      await session.sync(top);
      expect(events).toEqual([]);
    });

    test("a cancelled one is told nothing", async () => {
      const { watch, events } = watching();
      await session.get(top, watch);
      watch.cancel();
      await session.remove(top);
      await session.sync("/");
      expect(events).toEqual([]);
    });

    test("are told before the answers that show what has happened", async () => {
      const order: string[] = [];
      const path = await session.create(`${top}/a`, "", "persistent");
      await session.get(path, new Watch((event) => order.push(event)));
      await session.children(top, new Watch((event) => order.push(event)));
      const removal = session.remove(path).then(() => order.push("removed"));
      const look = session.exists(path).then((stat) => order.push(stat === undefined ? "gone" : "there"));
      await Promise.all([removal, look]);
      expect(order).toEqual(["deleted", "children", "removed", "gone"]);
    });

    test("of the end of a session: its ephemeral znodes are gone", async () => {
      const { watch, events } = watching();
      const ending = await side.openDirectly();
      await ending.create(`${top}/own`, "", "ephemeral");
      await other.sync(top);
      await other.get(`${top}/own`, watch);
      await ending.close();
      await other.sync(top);
      expect(events).toEqual(["deleted"]);
    });
  });

  describe("a lost connection", () => {
    test("suspends the session, and it is the same one when it is connected again", async () => {
      const states = statesOf(session);
      const { id } = session;
      await session.create(`${top}/own`, "", "ephemeral");
      peer.drop();
      await side.until(() => states.length === 2);
      expect(states).toEqual(["suspended", "connected"]);
      expect(session.id).toBe(id);
      expect(await session.exists(`${top}/own`)).toMatchObject({ createdInThisSession: true });
    });

    test("fails the calls that are under way: their outcome is unknown", async () => {
      const order: string[] = [];
      session.on("state", (state) => order.push(state));
      peer.cut();
      const calls = [session.get(top), session.remove(`${top}/a`), session.sync(top)];
      const errors = Promise.all(calls.map(rejection)).then((errors) => {
        order.push("rejected");
        return errors;
      });
      peer.drop();
      for (const error of await errors) expect(error).toBeInstanceOf(ConnectionLoss);
      peer.heal();
      await untilState(peer, "connected");
      expect(order).toEqual(["suspended", "rejected", "connected"]);
    });

    test("calls that are made meanwhile wait for the next one", async () => {
      const call = new Promise<unknown>((resolve) => {
        session.once("state", () => setImmediate(() => session.exists(top).then(resolve, resolve)));
      });
      peer.drop();
      expect(await call).toMatchObject({ version: 0 });
    });

    test("calls that its announcement causes fail with it, even after some promises", async () => {
      const calls: Promise<unknown>[] = [];
      const states = statesOf(session);
      session.once("state", async () => {
        calls.push(rejection(session.exists(top)));
        await Promise.resolve();
        await Promise.resolve();
        calls.push(rejection(session.exists(top)));
      });
      peer.drop();
      await side.until(() => states.includes("connected"));
      for (const error of await Promise.all(calls)) expect(error).toBeInstanceOf(ConnectionLoss);
      expect(calls).toHaveLength(2);
    });

    test("they fail with the next attempt that does", async () => {
      const cut = await side.open(SHORT);
      cut.cut();
      await untilState(cut, "suspended");
      const settled: unknown[] = [];
      cut.session.exists(top).catch((error) => settled.push(error));
      await side.until(() => settled.length === 1);
      expect(settled[0]).toBeInstanceOf(ConnectionLoss);
      expect(cut.session.state).toBe("suspended");
      cut.heal();
    });

    test("with it the answer of a create: the znode is there", async () => {
      const lost = peer.loseNext("answer", "create");
      const error = await rejection(session.create(`${top}/a-`, "", "ephemeral-sequential"));
      await lost;
      expect(error).toBeInstanceOf(OutcomeUnknown);
      await untilState(peer, "connected");
      await session.sync(top);
      expect(await session.children(top)).toEqual(["a-0000000000"]);
      expect(await session.exists(`${top}/a-0000000000`)).toMatchObject({ createdInThisSession: true });
    });

    test("with it the request: there is none", async () => {
      const lost = peer.loseNext("request", "create");
      const error = await rejection(session.create(`${top}/a-`, "", "ephemeral-sequential"));
      await lost;
      expect(error).toBeInstanceOf(OutcomeUnknown);
      await untilState(peer, "connected");
      await session.sync(top);
      expect(await session.children(top)).toEqual([]);
    });

    test("what got stuck on it does not arrive after the session is connected again", async () => {
      const stuck = await side.open(SHORT);
      const states = statesOf(stuck.session);
      const { release } = stuck.stick();
      const error = rejection(stuck.session.create(`${top}/late`, "", "persistent"));
      await side.until(() => states.includes("connected"));
      expect(await error).toBeInstanceOf(ConnectionLoss);
      release();
      await side.pass(50);
      await stuck.session.sync(top);
      expect(await stuck.session.exists(`${top}/late`)).toBeUndefined();
    });
  });

  describe("watches after a reconnection", () => {
    async function whileCutOff(act: () => Promise<unknown>): Promise<void> {
      const states = statesOf(session);
      peer.cut();
      peer.drop();
      await side.until(() => states.includes("suspended"));
      await act();
      peer.heal();
      await side.until(() => states.includes("connected"));
    }

    test("a deletion meanwhile is told, before any later answer", async () => {
      const order: string[] = [];
      await session.get(top, new Watch((event) => order.push(event)));
      session.on("state", (state) => {
        if (state === "connected")
          void session.exists(top).then((stat) => order.push(stat ? "there" : "gone"));
      });
      await other.sync(top);
      await whileCutOff(() => other.remove(top));
      await side.until(() => order.length === 2);
      expect(order).toEqual(["deleted", "gone"]);
    });

    test("so is a change, of the data or of the children", async () => {
      const [data, children] = [watching(), watching()];
      await session.get(top, data.watch);
      await session.children(top, children.watch);
      await other.sync(top);
      await whileCutOff(async () => {
        await other.set(top, "data", -1);
        await other.create(`${top}/a`, "", "persistent");
      });
      await session.sync(top);
      expect([data.events, children.events]).toEqual([["changed"], ["children"]]);
    });

    test("a znode that was deleted and made anew meanwhile has changed", async () => {
      const { watch, events } = watching();
      await session.get(top, watch);
      await other.sync(top);
      await whileCutOff(async () => {
        await other.remove(top);
        await other.create(top, "", "persistent");
      });
      await session.sync(top);
      expect(events).toEqual(["changed"]);
    });

    test("children that came and went meanwhile are a change; a child that did so leaves its watchers alone", async () => {
      const [parent, before] = [watching(), watching()];
      await session.children(top, parent.watch);
      await session.get(top, before.watch);
      await other.sync(top);
      await whileCutOff(async () => {
        await other.create(`${top}/a`, "", "persistent");
        await other.remove(`${top}/a`);
      });
      await session.sync(top);
      expect([parent.events, before.events]).toEqual([["children"], []]);
    });

    test("without a change they go on waiting", async () => {
      const { watch, events } = watching();
      await session.get(top, watch);
      await whileCutOff(async () => undefined);
      await session.sync(top);
      expect(events).toEqual([]);
      await session.remove(top);
      await session.sync("/");
      expect(events).toEqual(["deleted"]);
    });

    test("what the session did itself before is no change", async () => {
      const { watch, events } = watching();
      await session.get(top, new Watch(() => undefined));
      await session.set(top, "own", -1);
      await session.get(top, watch);
      await whileCutOff(async () => undefined);
      await session.sync(top);
      expect(events).toEqual([]);
    });

    test("one whose read was not answered was never set", async () => {
      const { watch, events } = watching();
      const lost = peer.loseNext("answer", "get");
      expect(await rejection(session.get(top, watch))).toBeInstanceOf(ConnectionLoss);
      await lost;
      await untilState(peer, "connected");
      await session.set(top, "data", -1);
      await session.sync(top);
      expect(events).toEqual([]);
    });

    test("one whose notification was lost is told after all", async () => {
      const { watch, events } = watching();
      await session.get(top, watch);
      const lost = peer.loseNext("answer", "notification");
      await other.sync(top);
      await other.remove(top);
      await lost;
      await side.until(() => events.length > 0);
      expect(events).toEqual(["deleted"]);
    });
  });

  describe("contact", () => {
    test("is when the last call was sent that was answered, be it with a refusal", async () => {
      await side.pass(20);
      const before = side.now();
      await session.exists(top);
      expect(session.contactAt).toBeGreaterThanOrEqual(before);
      await side.pass(20);
      const later = side.now();
      const refused = rejection(session.create(top, "", "persistent"));
      const sent = side.now();
      await refused;
      expect(session.contactAt).toBeGreaterThanOrEqual(later);
      expect(session.contactAt).toBeLessThanOrEqual(sent);
    });

    test("is none through pings, bad arguments or a lost connection", async () => {
      const pinging = await side.open(SHORT);
      await pinging.session.exists(top);
      const { contactAt } = pinging.session;
      await side.pass(SHORT);
      expect(pinging.session.state).toBe("connected");
      await rejection(pinging.session.get("no-slash"));
      const lost = pinging.loseNext("answer", "get");
      await rejection(pinging.session.get(top));
      await lost;
      expect(pinging.session.contactAt).toBe(contactAt);
    });

    test("pings keep an idle session alive", async () => {
      const idle = await side.open(SHORT);
      const states = statesOf(idle.session);
      await idle.session.create(`${top}/own`, "", "ephemeral");
      await side.pass(2 * SHORT);
      expect(states).toEqual([]);
      expect(await idle.session.exists(`${top}/own`)).toBeDefined();
    });
  });

  describe("the end", () => {
    test("close says so once, and takes the ephemeral znodes along", async () => {
      const session = await side.openDirectly();
      const states = statesOf(session);
      await session.create(`${top}/own`, "", "ephemeral");
      await Promise.all([session.close(), session.close()]);
      await session.close();
      expect(states).toEqual(["closed"]);
      await other.sync(top);
      expect(await other.exists(`${top}/own`)).toBeUndefined();
    });

    test("close fails the calls under way; later ones were never sent", async () => {
      const session = await side.openDirectly();
      const calls = Promise.all(
        [session.get(top), session.set(top, "", -1), session.sync(top)].map(rejection),
      );
      await session.close();
      for (const error of await calls) expect(error).toBeInstanceOf(SessionClosed);
      const later = [session.get(top), session.create(`${top}/a`, "", "persistent"), session.sync(top)];
      for (const error of await Promise.all(later.map(rejection))) expect(error).toBeInstanceOf(InvalidState);
    });

    test("closed while it is cut off, the ensemble keeps it until its time is over", async () => {
      const cut = await side.open(SHORT);
      await cut.session.create(`${top}/own`, "", "ephemeral");
      cut.cut();
      await untilState(cut, "suspended");
      await cut.session.close();
      expect(cut.session.state).toBe("closed");
      await other.sync(top);
      expect(await other.exists(`${top}/own`)).toBeDefined();
      const { watch, events } = watching();
      await other.get(`${top}/own`, watch);
      await side.until(() => events.length === 1);
      cut.heal();
    });

    test("expired while it is cut off, it learns of it when it is connected again", async () => {
      const cut = await side.open(SHORT);
      const states = statesOf(cut.session);
      const own = watching();
      await cut.session.create(`${top}/own`, "", "ephemeral");
      await cut.session.get(`${top}/own`, own.watch);
      const { watch, events } = watching();
      await other.sync(top);
      await other.get(`${top}/own`, watch);
      const before = side.now();
      cut.cut();
      await side.until(() => events.length === 1);
      expect(side.now() - before).toBeGreaterThan(SHORT - 100);
      expect(side.now() - before).toBeLessThan(SHORT + 2 * 200 + 300);
      expect(states).toEqual(["suspended"]);
      cut.heal();
      await untilState(cut, "expired");
      expect(states).toEqual(["suspended", "expired"]);
      expect(own.events).toEqual([]);
      for (const error of await Promise.all([cut.session.get(top), cut.session.remove(top)].map(rejection))) {
        expect(error).toBeInstanceOf(SessionExpired);
        expect(error).toMatchObject({ path: top });
      }
      await cut.session.close();
      expect(cut.session.state).toBe("expired");
    });

    test("ended from outside: suspended, then expired, and what waits fails with that", async () => {
      const states = statesOf(session);
      const pending = new Promise<unknown>((resolve) => {
        session.once("state", () => setImmediate(() => session.get(top).catch(resolve)));
      });
      await session.create(`${top}/own`, "", "ephemeral");
      await peer.endFromOutside();
      await untilState(peer, "expired");
      expect(states).toEqual(["suspended", "expired"]);
      expect(await pending).toBeInstanceOf(SessionExpired);
      await other.sync(top);
      expect(await other.exists(`${top}/own`)).toBeUndefined();
    });

    test("reopened, it is another session with the same ensemble", async () => {
      const session = await side.openDirectly();
      await session.close();
      const again = await session.reopen();
      expect(again.state).toBe("connected");
      expect(again.id).not.toBe(session.id);
      await again.sync(top);
      expect(await again.exists(top)).toBeDefined();
      await again.close();
    });

    test("a reopening that is given up fails with the reason", async () => {
      peer.cut();
      peer.drop();
      await untilState(peer, "suspended");
      await session.close();
      const reason = new Error("enough");
      expect(await rejection(session.reopen(AbortSignal.abort(reason)))).toBe(reason);
      const gone = new AbortController();
      const settled: unknown[] = [];
      session.reopen(gone.signal).catch((error) => settled.push(error));
      gone.abort(reason);
      await side.until(() => settled.length === 1);
      expect(settled).toEqual([reason]);
      peer.heal();
    });
  });
});
