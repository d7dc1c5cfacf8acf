/** The contract of a session, on the model and on a real server: what happens to znodes. */
import { describe, expect, test } from "vitest";
import {
  BadArguments,
  BadVersion,
  NoAuth,
  NoChildrenForEphemerals,
  NodeExists,
  NoNode,
  NotEmpty,
} from "../../zookeeper/errors.ts";
import { onEachSide, other, rejection, session, top } from "./each-side.ts";

onEachSide(() => {
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

    test("a parent that is created again starts at 0", async () => {
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
      await session.create(`${top}/a`, "as made", "persistent");
      expect((await session.get(`${top}/a`))?.data.toString()).toBe("as made");
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
      expect(await session.set(top, "", -1)).toMatchObject({ version: 2, dataLength: 0 });
      expect((await session.get(top))?.data).toHaveLength(0);
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
      expect(error).toMatchObject({ name: type.name, code, path: `${top}${below}` });
    });

    test("removing a znode with children is refused", async () => {
      await session.create(`${top}/a`, "", "persistent");
      const error = await rejection(session.remove(top));
      expect(error).toBeInstanceOf(NotEmpty);
      expect(error).toMatchObject({ code: -111, path: top });
    });

    test.each(["no-slash", "", "/a/", "/a//b", "/a/../b", "/a/."])("%j is not a path", async (path) => {
      const error = await rejection(session.get(path));
      expect(error).toBeInstanceOf(BadArguments);
      expect(error).toMatchObject({ name: "BadArguments", code: -8, path });
    });

    test("an ACL is obeyed", async () => {
      await session.create(`${top}/a`, "", "persistent");
      // Permits reading and administration.
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
});
