/** Whether everybody can read the reports of real runs. */
import { describe, expect, test } from "vitest";
import { schemes } from "../election/schemes.ts";
import { faults } from "../faults/faults.ts";
import { resultOf, trialResult } from "../run/trial-result.ts";
import { violationsOn } from "../testing/accessibility.ts";
import { noBrowser } from "../testing/browser.ts";
import { realGrowth } from "../testing/growth-points.ts";
import { pagesInOneBrowser } from "../testing/pages.ts";
import { sampleResult, sampleTrial } from "../testing/samples.ts";
import { runAll, trialsShareAServer } from "../testing/trial-runs.ts";
import { reportPage } from "./page.ts";

describe.skipIf(noBrowser)("axe finds nothing", () => {
  trialsShareAServer();
  const pages = pagesInOneBrowser();

  test.each([
    ["resign", ["predecessor", "leader", "heir"], 6],
    ["freeze", ["predecessor", "leader"], 1],
  ] as const)("in the report of a run with %s", async (fault, names, failovers) => {
    const histories = await runAll(
      names.map((name) => ({
        ...{ scheme: schemes[name], schemeSource: { name }, fault: faults[fault] },
        ...{ candidates: 6, failovers },
      })),
    );
    const { run, environment } = sampleResult();
    const trials = histories.map((history) => trialResult(history, 1, environment));
    const result = resultOf({ ...run, plannedTrials: trials.length }, environment, trials, []);
    const address = await pages.write("report.html", await reportPage([{ name: "run", result, histories }]));
    await pages.visitWith(address, {}, async (page) => {
      await page.locator("#timeline").scrollIntoViewIfNeeded();
      expect(await page.locator("details").count()).toBeGreaterThan(3);
      expect(await violationsOn(page)).toEqual([]);
    });
  });

  test("in the report of a run that measured growth", async () => {
    const { run, environment } = sampleResult();
    const measured = realGrowth().trials.filter(({ servers }) => servers === 1);
    const trials = measured.map((trial, index) => sampleTrial({ ...trial, trial: index + 1 }));
    const result = resultOf({ ...run, plannedTrials: trials.length }, environment, trials, []);
    const page = await reportPage([{ name: "run", result, histories: [] }]);
    await pages.visitWith(await pages.write("growth.html", page), {}, async (visited) => {
      expect(await visited.locator("#growth details").count()).toBeGreaterThan(10);
      expect(await violationsOn(visited)).toEqual([]);
    });
  });
});
