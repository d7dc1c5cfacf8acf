import fc from "fast-check";
import { expect, test } from "vitest";
import { Versions } from "./versions.ts";

test("versions are remembered in whatever order they come", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 30 })), (added) => {
      const versions = new Versions();
      const all = new Set<number>();
      for (const version of added) {
        expect(versions.add(version)).toBe(!all.has(version));
        all.add(version);
        expect(versions.first).toBe(Math.min(...all));
      }
      for (let version = 0; version <= 31; version++) {
        const below = [...all].filter((one) => one < version);
        expect(versions.below(version)).toBe(below.length === 0 ? undefined : Math.max(...below));
      }
    }),
  );
});
