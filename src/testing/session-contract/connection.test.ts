/**
 * The contract of a session, on the model and on a real server: what happens to a session and its calls when
 * connections are lost and sessions end.
 */
import { describe, expect, test } from "vitest";
import {
  ConnectionLoss,
  InvalidState,
  OutcomeUnknown,
  SessionClosed,
  SessionExpired,
} from "../../zookeeper/errors.ts";
import {
  onEachSide,
  other,
  peer,
  rejection,
  SHORT,
  session,
  side,
  statesOf,
  top,
  untilState,
  watching,
} from "./each-side.ts";

onEachSide(() => {
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

    test("makes later calls wait for the next connection", async () => {
      const call = new Promise<unknown>((resolve) => {
        session.once("state", () => setImmediate(() => session.exists(top).then(resolve, resolve)));
      });
      peer.drop();
      expect(await call).toMatchObject({ version: 0 });
    });

    test("fails calls that its announcement causes, even after some promises", async () => {
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

    test("fails waiting calls with the next attempt that fails", async () => {
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

    test("loses the answer of a create: the znode is there", async () => {
      const lost = peer.loseNext("answer", "create");
      const error = await rejection(session.create(`${top}/a-`, "", "ephemeral-sequential"));
      await lost;
      expect(error).toBeInstanceOf(OutcomeUnknown);
      await untilState(peer, "connected");
      await session.sync(top);
      expect(await session.children(top)).toEqual(["a-0000000000"]);
      expect(await session.exists(`${top}/a-0000000000`)).toMatchObject({ createdInThisSession: true });
    });

    test("loses the request: there is no znode", async () => {
      const lost = peer.loseNext("request", "create");
      const error = await rejection(session.create(`${top}/a-`, "", "ephemeral-sequential"));
      await lost;
      expect(error).toBeInstanceOf(OutcomeUnknown);
      await untilState(peer, "connected");
      await session.sync(top);
      expect(await session.children(top)).toEqual([]);
    });

    test("drops stuck messages once the session is connected again", async () => {
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

  describe("contact", () => {
    test("is made by the connection, and by each answered sync, from the time when it was sent", async () => {
      const opened = session.contacts.last;
      expect(opened?.type).toBe("connected");
      await side.pass(20);
      const before = side.now();
      const synced = session.sync(top);
      const sent = side.now();
      await synced;
      expect(session.contacts.last).toMatchObject({ type: "synced" });
      expect(session.contacts.last?.sentAt).toBeGreaterThanOrEqual(before);
      expect(session.contacts.last?.sentAt).toBeLessThanOrEqual(sent);
      expect(session.contacts.last?.answeredAt).toBeGreaterThanOrEqual(session.contacts.last?.sentAt ?? 0);
    });

    test("is not made by reads, writes and pings, and starts again with a sync over another connection", async () => {
      // Long enough that a busy machine does not lose the session before it is connected again.
      const peer = await side.open(6 * SHORT);
      await peer.session.sync(top);
      const { last } = peer.session.contacts;
      await peer.session.exists(top);
      await rejection(peer.session.create(top, "", "persistent"));
      await side.pass(SHORT);
      expect(peer.session.state).toBe("connected");
      expect(peer.session.contacts.last).toBe(last);
      const states = statesOf(peer.session);
      const before = side.now();
      peer.drop();
      await side.until(() => states.includes("connected"));
      expect(peer.session.contacts.last).toBe(last);
      await peer.session.sync(top);
      const [synced, connected] = [...peer.session.contacts.backwards()];
      expect([synced?.type, connected?.type]).toEqual(["synced", "connected"]);
      expect(connected?.sentAt).toBeGreaterThanOrEqual(before);
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
    test("close is reported once, and removes the ephemeral znodes", async () => {
      const session = await side.openDirectly();
      const states = statesOf(session);
      await session.create(`${top}/own`, "", "ephemeral");
      await Promise.all([session.close(), session.close()]);
      await session.close();
      expect(states).toEqual(["closed"]);
      await other.sync(top);
      expect(await other.exists(`${top}/own`)).toBeUndefined();
    });

    test("close fails the calls in flight; later ones were never sent", async () => {
      const session = await side.openDirectly();
      const calls = Promise.all(
        [session.get(top), session.set(top, "", -1), session.sync(top)].map(rejection),
      );
      await session.close();
      for (const error of await calls) expect(error).toBeInstanceOf(SessionClosed);
      const later = [
        session.create(`${top}/a`, "", "persistent"),
        session.get(top, watching().watch),
        session.exists(top),
        session.children(top),
        session.set(top, "", -1),
        session.remove(top),
        session.sync(top),
      ];
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

    test("expired while it is cut off, it learns this when it is connected again", async () => {
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

    test("ended from outside: suspended, then expired, and waiting calls fail with that", async () => {
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
