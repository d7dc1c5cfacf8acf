/** The parts of docs/faults.md that come from data: what each fault does, and what was measured. */
import { markdownTable } from "markdown-table";
import { type CheckerName, checkerNames } from "../src/checkers/checkers.ts";
import { schemeNames } from "../src/election/schemes.ts";
import { milliseconds } from "../src/export/figure-text.ts";
import type { Result, TrialResult } from "../src/export/result.ts";
import type { Fault, Need } from "../src/faults/fault.ts";
import { type FaultGroup, faultGroups, groupOf } from "../src/faults/fault-group.ts";
import { faultNamed, faults } from "../src/faults/faults.ts";
import { spanText } from "../src/faults/span.ts";
import { parameterLines } from "../src/faults/tuning.ts";

/** A table for each group of faults. */
export function faultTables(): string {
  return (Object.keys(faultGroups) as FaultGroup[])
    .map((group) => {
      const own = Object.values<Fault>(faults).filter((fault) => groupOf(fault) === group);
      const rows = own.map((fault) => [`\`${fault.name}\``, whatOf(fault), outcome(fault), needsOf(fault)]);
      const head = ["`--fault`", "what happens", "must lead to", "needs"];
      return `## ${faultGroups[group]}\n\n${markdownTable([head, ...rows], { padding: true, alignDelimiters: false })}`;
    })
    .join("\n\n");
}

function whatOf(fault: Fault): string {
  const parameters = parameterLines(fault).map(([name, meaning]) => `\`${name.trim()}\` ${meaning}`);
  return [fault.summary, ...parameters].join("; ");
}

function outcome({ leader, victim, fallsSilent, serversElect, comeBack }: Fault): string {
  const when = fallsSilent ? " after the old one's session timeout" : " at once";
  switch (leader) {
    case "same":
      return victim === "stays" ? "the same leader, with the same contender" : "the same leader";
    case "any":
      return comeBack === "one-by-one"
        ? "the oldest that stands in line leads, at any time"
        : `the first one that stands in line again leads${when}`;
    case "next": {
      const elected = serversElect ? ", after the servers have elected one," : "";
      return `the next one leads${elected}${when}${victim === "joins-again" ? "; the old one joins again" : ""}`;
    }
    default:
      return leader satisfies never;
  }
}

function needsOf({ needs }: Fault): string {
  return needs.map(needText).join(", ");
}

function needText(need: Need): string {
  switch (need.what) {
    case "candidates":
      return `${need.fewest} candidates`;
    case "servers":
      return `${need.fewest} servers`;
    case "host":
      return need.is === "thread" ? "threads" : "processes";
    case "own-thread":
      return "a thread each";
    case "session-timeout":
      return `a timeout of more than ${spanText(need.moreThan)}`;
    case "network":
      return need.between === "servers" ? "relays between servers" : "relays";
    case "disk":
      return need.limited === true ? "a disk and cgroups, as root" : "a disk, as root";
    default:
      return need satisfies never;
  }
}

/** A row for each fault of a run, with the medians under each scheme. */
export function measuredTable({ trials, environment, run }: Result, cautions: readonly string[]): string {
  const names = [...new Set(trials.map(({ fault }) => fault))];
  const schemes = schemeNames.filter((name) => trials.some(({ scheme }) => scheme === name));
  const head = ["fault", "must lead to", "servers", "as expected", "other verdicts", ...schemes, "theory"];
  const rows = names.map((name) =>
    rowOf(
      name,
      trials.filter(({ fault }) => fault === name),
      schemes,
    ),
  );
  const [first] = trials;
  const { server, node, os, cores } = environment;
  const conditions =
    first === undefined
      ? ""
      : `${first.candidates} candidates, a session timeout of ${first.sessionTimeoutMs} ms, ` +
        `failovers of each: ${Math.max(...trials.map(({ failovers }) => failovers.length))}, `;
  return [
    `${conditions}tick ${server.tickTimeMs} ms, ZooKeeper ${server.version}, Node ${node}, ${os}, ${cores} cores, ` +
      `${run.startedAt.slice(0, 10)}.`,
    markdownTable([head, ...rows], { alignDelimiters: false }),
    ...cautions,
  ].join("\n\n");
}

function rowOf(name: string, trials: readonly TrialResult[], schemes: readonly string[]): string[] {
  const fault = faultNamed(name);
  const others = checkerNames.filter((checker) => checker !== "expectation");
  return [
    `\`${name}\``,
    fault === undefined ? "" : outcome(fault),
    [...new Set(trials.map(({ servers }) => servers))].join(", "),
    verdictsText(trials, ["expectation"], "yes"),
    verdictsText(trials, others, "valid"),
    ...schemes.map((scheme) => medianText(trials.find((trial) => trial.scheme === scheme))),
    theoryText(trials),
  ];
}

/** @param fine the word if all are valid */
function verdictsText(
  trials: readonly TrialResult[],
  checkers: readonly CheckerName[],
  fine: string,
): string {
  const spoilt = trials.flatMap(({ scheme, state, verdicts }) => [
    ...(state === "completed" ? [] : [`${scheme}: ${state}`]),
    ...checkers.flatMap((checker) => {
      const { valid } = verdicts[checker];
      return valid === true ? [] : `${scheme}: ${checker} ${valid === false ? "FALSE" : valid}`;
    }),
  ]);
  return spoilt.length === 0 ? fine : spoilt.join("; ");
}

function medianText(trial: TrialResult | undefined): string {
  const { failoverMs, gapMs } = trial?.summary ?? {};
  if (failoverMs) return milliseconds(failoverMs.p50);
  return gapMs ? `gap ${milliseconds(gapMs.p50)}` : "–";
}

/** The band spans those of all schemes; a failover is inside its own scheme's. */
function theoryText(trials: readonly TrialResult[]): string {
  const predictions = trials.flatMap(({ prediction }) => prediction ?? []);
  if (predictions.length === 0) return "–";
  const low = Math.min(...predictions.map(({ failoverMs }) => failoverMs.low));
  const high = Math.max(...predictions.map(({ failoverMs }) => failoverMs.high));
  const inside = predictions.reduce((sum, one) => sum + one.inside, 0);
  const all = predictions.reduce((sum, one) => sum + one.inside + one.outside.length, 0);
  return `${Math.round(low)}–${Math.round(high)}, ${inside} of ${all} inside`;
}
