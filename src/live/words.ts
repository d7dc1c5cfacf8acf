/** What happens on the page, in words. */
import { type SchemeName, schemes } from "../election/schemes.ts";
import type { Watched } from "../history/line.ts";
import { duration } from "../report/timeline/time-scale.ts";
import { plural } from "../report/wording.ts";
import type { Blow, Happening, ServerBlow, ServerNow } from "./ground.ts";
import type { Phase } from "./show.ts";
import type { Member, Scene, Side } from "./side.ts";

/** What those who wait watch. */
export function watchWords(scheme: SchemeName): string {
  return `each watches ${schemes[scheme].watches}`;
}

/** What one who strikes can do: the button's name, its key, and what it means. */
export const blowWords: Record<
  Blow,
  { readonly name: string; readonly key: string; readonly means: string }
> = {
  resign: { name: "Resign", key: "r", means: "resigns: it deletes its own znode" },
  close: { name: "Close", key: "c", means: "closes its session, and its znode goes with it" },
  kill: {
    name: "Kill",
    key: "k",
    means: "is dead. ZooKeeper does not know yet, and waits for its session timeout",
  },
  freeze: { name: "Freeze", key: "f", means: "stands still, and knows nothing of it" },
  cut: { name: "Cut off", key: "x", means: "is cut off: nothing reaches it, nothing leaves it" },
};

/** The same, for servers. */
export const serverBlowWords: Record<
  ServerBlow,
  { readonly name: string; readonly key: string; readonly means: string }
> = {
  "kill-server": {
    name: "Kill the server",
    key: "K",
    means: "is killed, and comes back after a while",
  },
  "restart-server": { name: "Restart the server", key: "R", means: "is killed, and started again at once" },
  "pause-server": {
    name: "Pause the server",
    key: "P",
    means: "stands still, and its connections stay open",
  },
};

function isServerBlow(act: Scene["act"]): act is ServerBlow {
  return Object.hasOwn(serverBlowWords, act);
}

/** A contender's name on the page. */
export function nameOf(sequence: number | null): string {
  return sequence === null ? "nobody" : `c${sequence}`;
}

function watchedName(watched: Watched | null): string {
  return watched === "children" ? "the list" : nameOf(watched);
}

/** A member's state in a word or two; the same words stand under its box. */
export function stateWord(member: Member, believes: boolean): string {
  const { stands, trouble, leads, wake, inVain, session } = member;
  if (believes) return "believes";
  if (trouble !== null) return trouble === "cut" ? "cut off" : trouble;
  if (!stands) return "gone";
  if (leads) return "leads";
  if (session === "suspended") return "unsure";
  switch (wake) {
    case "asleep":
      return "";
    case "woken":
      return "woken";
    case "looks":
      return "looks";
    case "again":
      return inVain ? "for nothing" : "watches";
    default:
      return wake satisfies never;
  }
}

/** The rest of a member's name for somebody who does not see its box. */
export function memberWords(member: Member, believes: boolean): string {
  const { watches, leads, servedBy } = member;
  const word = stateWord(member, believes) || "waits";
  const watch = leads || believes || watches === null ? "" : `, watches ${watchedName(watches)}`;
  return `${word}${watch}${servedBy === null ? "" : `, served by server ${servedBy}`}`;
}

/** Those in the folded middle of a line, for somebody who does not see their cells. */
export function foldWords(members: readonly Member[]): string {
  const [first, last] = [members.at(0), members.at(-1)].map((one) => nameOf(one?.sequence ?? null));
  const woken = members.filter(({ wake }) => wake !== "asleep").length;
  return `${first} to ${last}: ${plural(members.length, "candidate")}, ${woken === 0 ? "none" : woken} woken`;
}

/** What a server is to the others. */
export const roleWords: Record<ServerNow["role"], string> = {
  leads: "leads the servers",
  follows: "follows",
  alone: "alone",
  away: "away",
};

/** More names than these would only be counted by whoever reads them. */
const MOST_NAMES = 12;

/** The candidates of one line that a server serves. */
export function servedWords({ inLine }: Side, server: number): string {
  const names = inLine.filter(({ servedBy }) => servedBy === server).map(({ sequence }) => nameOf(sequence));
  if (names.length === 0) return "nobody";
  return names.length > MOST_NAMES ? `${names.length} candidates` : names.join(" ");
}

/** The line before anything has happened. */
export function openingWords({ inLine }: Side): string {
  const leader = inLine.find(({ leads }) => leads);
  return `${inLine.length} candidates: ${nameOf(leader?.sequence ?? null)} leads, the others sleep.`;
}

/** What of all that happens is worth a sentence of its own. */
export const spoken: ReadonlySet<Happening["type"]> = new Set([
  ...(["struck", "ended", "gone", "notified", "reading", "read", "claimed", "refused", "settled"] as const),
]);

/** What a phase has brought on one side. */
export function phaseWords(phase: Phase, { scene, scheme, members }: Side): string {
  if (scene === undefined) return "";
  const woken = [...scene.woken.keys()];
  switch (phase) {
    case "struck":
      return struckWords(scene, members);
    case "gone":
      return goneWords(scene);
    case "notified":
      if (woken.length === 0) return scene.act === "join" ? "Nobody is woken." : "";
      return woken.length === 1
        ? `${namesOf(woken, members)} is woken${scene.reads.length > 0 ? ", and asks for the list" : ""}.`
        : `${woken.length} of ${scene.others} are woken${scene.reads.length > 0 ? ", and ask for the list" : ""}.`;
    case "reads":
      if (scene.reads.length === 0)
        return scene.act === "join" ? "The new one has the list of candidates." : "";
      return scene.reads.length === 1
        ? `${namesOf(scene.reads, members)} has the list of candidates.`
        : `${[...scene.woken.values()].filter((wake) => wake !== "woken").length} of ${woken.length} have the list.`;
    case "leads":
      if (scene.leads === null) return scene.refused > 0 ? "A late write is refused." : "";
      return `${nameOf(scene.leads)} ${scheme === "heir" ? "knows that it is next, and leads" : "is the oldest, and leads"}.`;
    case "settled":
      return sceneWords({ scene, members });
    default:
      return phase satisfies never;
  }
}

function struckWords({ act, server, place, sequence, struck }: Scene, members: readonly Member[]): string {
  if (isServerBlow(act)) return `Server ${server} ${serverBlowWords[act].means}.`;
  if (act === "join") return "One more joins, at the end.";
  if (act === "heal") return `Candidate ${struck.join(", ")} goes on.`;
  const term = members.find((member) => member.sequence === sequence)?.term;
  if (act === "cut" && place === 0 && typeof term?.until === "number")
    return `${nameOf(sequence)} hears nothing, and leads no more: in time, before anybody else can lead.`;
  return `${place === 0 ? "The leader, " : ""}${nameOf(sequence)}${place === 0 ? "," : ""} ${blowWords[act].means}.`;
}

function goneWords({ gone }: Scene): string {
  return `${gone.map(nameOf).join(", ")} has gone, and each watch on it fires.`;
}

/** A whole scene in one sentence. */
export function sceneWords({ scene, members }: Pick<Side, "members"> & { readonly scene: Scene }): string {
  const { act, woken, others, inVain, leads, leadsAfter, refused } = scene;
  const inTime = leadsAfter === null ? "" : ` after ${duration(leadsAfter)}`;
  if (act === "join") return `${joinedWords(scene, members)}: ${wokenWords(woken.size, inVain.size)}.`;
  if (act === "heal") {
    const late = refused > 0 ? "; its late write, with the token of its old term, is refused" : "";
    return `Candidate ${scene.struck.join(", ")} goes on, and joins again at the end${late}.`;
  }
  const gone = scene.gone.map(nameOf).join(", ");
  if (gone === "" && scene.server !== null)
    return `Server ${scene.server} was struck: ${movedWords(scene.moved.size)}, and nobody lost its place.`;
  if (gone === "") return "Nobody has gone.";
  const still = believes(scene, members) ? ` ${gone} believes on: two believe, one may write.` : "";
  if (woken.size === 0) return `${gone} has gone: nobody watched it, and nobody woke.${still}`;
  if (woken.size > 1) {
    const next = leads === null ? "" : ` ${nameOf(leads)} leads${inTime};`;
    return `${gone} has gone; ${woken.size} of ${others} woke, and ${scene.reads.length} read the list;${next} ${inVain.size} woke for nothing.${still}`;
  }
  const [one] = [...woken.keys()];
  const member = members.find(({ candidate, stands }) => stands && candidate === one);
  const name = nameOf(member?.sequence ?? null);
  const looks = scene.reads.length > 0 ? "looks, and " : "";
  const then = member?.leads ? `leads${inTime}` : `watches ${watchedName(member?.watches ?? null)}`;
  return `${name} watched ${gone}; ${gone} has gone; ${name} ${looks}${then}: nobody else woke.${still}`;
}

function movedWords(moved: number): string {
  if (moved === 0) return "no session moved";
  return `${plural(moved, "session")} moved to ${moved === 1 ? "another server" : "other servers"}`;
}

function joinedWords({ struck: [candidate] }: Scene, members: readonly Member[]): string {
  const joined = members.find((member) => member.candidate === candidate);
  if (joined === undefined) return "One more joins";
  const { watches, leads, sequence } = joined;
  const then = leads ? "leads" : `watches ${watchedName(watches)}`;
  return `${nameOf(sequence)} joins, and ${then}`;
}

function wokenWords(woken: number, inVain: number): string {
  if (woken === 0) return "nobody woke";
  return inVain === woken ? `${woken} woke, for nothing` : `${woken} woke`;
}

function believes({ struck }: Scene, members: readonly Member[]): boolean {
  return members.some(
    ({ candidate, stands, trouble, term }) =>
      !stands && trouble === "frozen" && term?.until === null && struck.includes(candidate),
  );
}

function namesOf(candidates: readonly number[], members: readonly Member[]): string {
  return candidates
    .map((one) =>
      nameOf(members.find(({ candidate, stands }) => stands && candidate === one)?.sequence ?? null),
    )
    .join(", ");
}

/** "11 of 11 woken, 10 for nothing". */
export function wakeFigures({ woken, others, inVain }: Scene): string {
  return `${woken.size} of ${others} woken${inVain.size > 0 ? `, ${inVain.size} for nothing` : ""}`;
}

export function readFigures({ reads }: Scene): string {
  return plural(reads.length, "read");
}
