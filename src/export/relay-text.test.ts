import { expect, test } from "vitest";
import { environmentSection } from "../report/environment.ts";
import { ensembleHistory, exampleRun } from "../testing/report-run.ts";
import { sampleResult, sampleTrial } from "../testing/samples.ts";
import { markdown } from "./markdown.ts";
import { relayText } from "./relay-text.ts";

const direct = sampleTrial();
const relayed = (relayMs: number) =>
  sampleTrial({ network: { between: ["candidates-and-servers"], relayMs } });

test("the time that relays add is told, and in how many trials they stood", () => {
  expect(relayText([direct])).toBeNull();
  expect(relayText([relayed(0.112), relayed(0.113)])).toBe("a relay adds 0.11 ms to a round trip");
  expect(relayText([relayed(0.2), direct, relayed(0.1)])).toBe(
    "a relay adds 0.10 to 0.20 ms to a round trip in 2 of 3 trials",
  );
});

test("the report and Markdown tell it, and that there was no relay", () => {
  const page = (...trials: (typeof direct)[]) =>
    environmentSection([{ ...exampleRun([ensembleHistory()]), result: sampleResult({ trials }) }]).text;
  expect(page(direct)).toContain("<dt>relays</dt><dd>none</dd>");
  expect(page(relayed(0.1))).toContain(
    "<dt>relays</dt><dd>between candidates and servers: a relay adds 0.10 ms to a round trip</dd>",
  );
  expect(markdown(sampleResult({ trials: [direct] }))).toContain(" · no relay · ");
  expect(markdown(sampleResult({ trials: [relayed(0.1)] }))).toContain(
    " · a relay adds 0.10 ms to a round trip · ",
  );
});
