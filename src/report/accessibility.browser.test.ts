/** Whether everybody can read the reports of real runs. */
import { describe, expect, test } from "vitest";
import { schemes } from "../election/schemes.ts";
import { faults } from "../faults/faults.ts";
import { resultOf, trialResult } from "../run/trial-result.ts";
import { violationsOn } from "../testing/accessibility.ts";
import { noBrowser } from "../testing/browser.ts";
import { pagesInOneBrowser } from "../testing/pages.ts";
import { sampleResult } from "../testing/samples.ts";
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
});
