/** The contract of a session, on the model and on a real server: what watches report, and when. */
import { describe, expect, test } from "vitest";
import { ConnectionLoss } from "../../zookeeper/errors.ts";
import { Watch } from "../../zookeeper/session.ts";
import {
  onEachSide,
  other,
  peer,
  rejection,
  session,
  side,
  statesOf,
  top,
  untilState,
  watching,
} from "./each-side.ts";

onEachSide(() => {
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

    test("several on one znode are all notified; one that is set twice is notified once", async () => {
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

    test("a cancelled one is not notified", async () => {
      const { watch, events } = watching();
      await session.get(top, watch);
      watch.cancel();
      await session.remove(top);
      await session.sync("/");
      expect(events).toEqual([]);
    });

    test("are notified before the answers that show what has happened", async () => {
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

    test("a deletion meanwhile is reported, before any later answer", async () => {
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

    test("a znode that was deleted and created again meanwhile has changed", async () => {
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

    test("the session's own earlier writes are not a change", async () => {
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

    test("one whose notification was lost is notified after all", async () => {
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
});
