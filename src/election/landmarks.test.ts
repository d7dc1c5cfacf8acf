import { expect, test } from "vitest";
import { type Contender, contenderOf } from "./contenders.ts";
import { Landmarks } from "./landmarks.ts";

const line: Contender[] = Array.from({ length: 100 }, (_, sequence) => ({ name: `c${sequence}`, sequence }));

/** The numbers of those that it asks for, if each that it asks for is gone. */
function asked(landmarks: Landmarks): number[] {
  const numbers: number[] = [];
  for (let next = landmarks.nearest; next !== undefined; next = landmarks.nearest) {
    numbers.push(next.sequence);
    landmarks.forget(next);
  }
  return numbers;
}

test.each([0, 1, 15])("with %i before it, one is near", (position) => {
  const landmarks = new Landmarks();
  landmarks.look({ contenders: line, position });
  expect(landmarks.nearest).toBeUndefined();
});

test.each([
  [16, [0]],
  [31, [15]],
  [32, [16, 0]],
  [99, [83, 67, 35]],
])("with %i before it, it remembers those at 16, 32, 64 … places before it", (position, numbers) => {
  const landmarks = new Landmarks();
  landmarks.look({ contenders: line, position });
  expect(asked(landmarks)).toEqual(numbers);
});

test("by number it remembers the same, and a look replaces that", () => {
  const own = contenderOf(`${"0".repeat(32)}-c-0000000099`);
  const landmarks = new Landmarks();
  if (own !== undefined) landmarks.count(own);
  expect(landmarks.nearest?.name).toBe(`${"0".repeat(32)}-c-0000000083`);
  expect(landmarks.distance).toBe("near");
  landmarks.found();
  expect(landmarks.distance).toBe("far");
  expect(asked(landmarks)).toEqual([83, 67, 35]);
  if (own !== undefined) landmarks.count(own);
  landmarks.look({ contenders: line, position: 3 });
  expect(landmarks.nearest).toBeUndefined();
});

test("after a reconnection it remembers the same, and is near until it has found one", () => {
  const landmarks = new Landmarks();
  landmarks.look({ contenders: line, position: 99 });
  landmarks.doubt();
  expect(landmarks.distance).toBe("near");
  expect(landmarks.nearest?.sequence).toBe(83);
  landmarks.found();
  expect(landmarks.distance).toBe("far");
});
