/** A run as a page that shows it again, strike by strike, in one file that needs nothing else. */
import { readFile } from "node:fs/promises";
import { type SchemeName, schemeNames } from "../election/schemes.ts";
import { sameConditions } from "../history/conditions.ts";
import type { History } from "../history/history.ts";
import type { Strike } from "../history/strike.ts";
import { chronicleOf, tell } from "../history/told.ts";
import { asTyped } from "../installation.ts";
import { LabError } from "../lab-error.ts";
import { isServerBlow, type Powers } from "../live/ground.ts";
import { livePage } from "../live/page.ts";
import type { Recording } from "../live/replay-ground.ts";
import { episodesOf, type Hit, Retelling, type Scene, sideBySide, withServers } from "../live/retelling.ts";
import { bundle } from "../package-root.ts";
import { embeddedData } from "../report/embed.ts";
import type { SavedRun } from "../run/read-run.ts";
import { serversNow } from "./servers-now.ts";
import { actOf } from "./strike-fault.ts";

const LIVE = asTyped("yarn live");

/** @throws {LabError} `usage` when the run has not what the page can show */
export async function replayPage(run: SavedRun): Promise<string> {
  const recording = recordingOf(run);
  const { version, server } = { ...run.result.run, ...run.result.environment };
  return livePage({
    script: await readFile(bundle("replay.js"), "utf8"),
    powers: recording.powers,
    data: embeddedData("recording", recording),
    kicker: "ZooKeeper leader election, recorded on a real ensemble",
    ground:
      `A recording: each strike happened on a real ZooKeeper ${server.version}, and its times are the measured ones ` +
      `(${run.result.run.startedAt.slice(0, 10)}, zk-election-lab ${version}). This file holds all that it shows and asks no ` +
      "network for anything.",
  });
}

function recordingOf({ folder, histories }: SavedRun): Recording {
  const refuse = (what: string) => new LabError("usage", `--replay ${folder}: ${what}`);
  const [first] = histories;
  const lines = schemeNames.flatMap((scheme): Line[] => {
    const history = histories.find(
      ({ header }) => header.scheme === scheme && first !== undefined && sameConditions(header, first.header),
    );
    return history === undefined ? [] : [{ scheme, history }];
  });
  if (first === undefined || lines.length < 2)
    throw refuse(
      `the page shows two schemes side by side, and this run has not two; ${LIVE} makes one that has`,
    );
  if (lines.every(({ history }) => history.strikes.length === 0)) throw refuse("nobody was struck in it");
  const strange = lines
    .flatMap(({ history }) => history.strikes)
    .find(({ fault }) => actOf(fault) === undefined);
  if (strange !== undefined)
    throw refuse(`the page does not know the fault ${strange.fault}; replay a run of ${LIVE}`);
  const { candidates, sessionTimeoutMs } = first.header;
  const powers: Powers = {
    ...{ schemes: lines.map(({ scheme }) => scheme), candidates, acts: ["next"], sessionTimeoutMs },
  };
  const all = lines.map(({ history }) => history);
  const told = lines.map(({ history }) => episodesOf(scenesOf(history, all)));
  const shortest = Math.min(...told.map(({ length }) => length));
  const episodes = Array.from({ length: shortest }, (_, index) =>
    sideBySide(told.map((line) => line[index] ?? [])).map((scenes, line) =>
      scenes.map((scene) => withServers(scene, serversAfter(all[line], index))),
    ),
  );
  return { powers, lines: lines.map((_, line) => episodes.map((episode) => episode[line] ?? [])) };
}

interface Line {
  readonly scheme: SchemeName;
  readonly history: History;
}

function scenesOf(history: History, all: readonly History[]): Scene[] {
  const retelling = tell(chronicleOf(history), new Retelling((strike) => hitOf(strike, all)));
  retelling.pause();
  return retelling.scenes;
}

/** Only the election that was struck first has recorded which server was. */
function hitOf({ fault, startedAt }: Strike, all: readonly History[]): Hit {
  const act = actOf(fault);
  if (act === undefined) throw new Error(`nobody strikes by ${fault}`);
  if (!isServerBlow(act)) return { act };
  const event = all
    .flatMap(({ events }) => events.find(({ type, at }) => type === "server" && at >= startedAt) ?? [])
    .sort((a, b) => a.at - b.at)[0];
  return { act, server: event?.type === "server" ? event.server : 1 };
}

function serversAfter(history: History | undefined, failover: number) {
  const seen = history?.observations?.roles?.findLast((roles) => roles.failover <= failover);
  return serversNow(seen?.roles ?? []);
}
