import { expect, test } from "vitest";
import { CampaignEnded } from "../election/connection.ts";
import { LabError } from "../lab-error.ts";
import { ConnectionLoss } from "../zookeeper/errors.ts";
import { blameOf, CandidateFailed } from "./blame.ts";

const full = Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC" });
const thrown = new CandidateFailed("scheme", "out of ideas");

test.each([
  ["ensemble", new ConnectionLoss(-4, "the connection is lost", {})],
  ["ensemble", new LabError("unavailable", "no server answers")],
  ["machine", full],
  ["scheme", thrown],
  ["scheme", new CampaignEnded("the campaign has ended", { cause: thrown })],
  ["lab", new TypeError("undefined is not a function")],
] as const)("the %s is to blame for %s", (blame, error) => {
  expect(blameOf(error)).toBe(blame);
});
