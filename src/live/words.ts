/** What happens on the page, in words. */
import type { SchemeName } from "../election/schemes.ts";
import type { Watched } from "../history/line.ts";
import { duration } from "../report/timeline/time-scale.ts";
import { plural } from "../report/wording.ts";
import { type Bar, medianOf, type Part, type PartName } from "./figures.ts";
import {
  type Act,
  type Blow,
  blows,
  type Happening,
  isServerBlow,
  type ServerBlow,
  type ServerNow,
} from "./ground.ts";
import type { Phase } from "./show.ts";
import type { Failover, Member, Scene, Side } from "./side.ts";

/** What those who wait watch. */
export const watchWords: Record<SchemeName, string> = {
  predecessor: "each watches the entry just before its own",
  heir: "each watches the entry just before its own, and the second knows that it is next",
  leader: "all watch the leader's entry",
  children: "all watch the whole list of entries",
};

/** What one who strikes can do: the button's name, its key, and what it means. */
export const blowWords: Record<
  Blow,
  { readonly name: string; readonly key: string; readonly means: string }
> = {
  resign: { name: "Resign", key: "r", means: "resigns: it removes its own entry, and goes" },
  close: { name: "Close", key: "c", means: "closes its session, and ZooKeeper removes its entry at once" },
  kill: {
    name: "Kill",
    key: "k",
    means:
      "is dead. ZooKeeper does not know yet: it waits a few seconds, the session timeout, for a sign of life",
  },
  freeze: { name: "Freeze", key: "f", means: "stands still, and knows nothing of it" },
  cut: {
    name: "Cut off",
    key: "x",
    means: "is cut off from ZooKeeper: nothing reaches it, nothing leaves it",
  },
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
  return `${inLine.length} candidates: ${nameOf(leader?.sequence ?? null)} is the oldest entry, and leads. The others sleep.`;
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
      return goneWords(scene, members);
    case "notified":
      if (woken.length === 0) return scene.act === "join" ? "Nobody is woken." : "";
      return woken.length === 1
        ? `${namesOf(woken, members)} is woken${scene.reads.length > 0 ? ", and asks for the list" : ""}.`
        : `${woken.length} of ${scene.others} are woken${scene.reads.length > 0 ? ", and ask for the list" : ""}.`;
    case "reads":
      if (scene.reads.length === 0) return scene.act === "join" ? "The new one has the list." : "";
      return scene.reads.length === 1
        ? `${namesOf(scene.reads, members)} has the list.`
        : `${[...scene.woken.values()].filter((wake) => wake !== "woken").length} of ${woken.length} have the list.`;
    case "leads":
      if (scene.leads === null)
        return scene.refused > 0
          ? "Its late write is refused: its token is older than the new leader's."
          : "";
      return `${nameOf(scene.leads)} ${scheme === "heir" ? "knew that it was next, and leads" : "is the oldest entry now, and leads"}.`;
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

function goneWords({ gone }: Scene, members: readonly Member[]): string {
  const isWatched = ({ stands, watches, fired }: Member) => {
    const watched = fired ?? watches;
    return stands && watched !== null && (watched === "children" || gone.includes(watched));
  };
  const watches = members.filter(isWatched).length;
  const fire =
    watches === 0
      ? "Nobody watched it."
      : watches === 1
        ? "The one watch on it fires."
        : `All ${watches} watches on it fire.`;
  return `ZooKeeper has removed ${gone.map(nameOf).join(", ")}. ${fire}`;
}

/** A whole scene in one sentence. */
export function sceneWords({ scene, members }: Pick<Side, "members"> & { readonly scene: Scene }): string {
  const { act, woken, others, inVain, leads, leadsAfter, refused } = scene;
  const inTime = leadsAfter === null ? "" : ` after ${duration(leadsAfter)}`;
  if (act === "join") return `${joinedWords(scene, members)}: ${wokenWords(woken.size, inVain.size)}.`;
  if (act === "heal") {
    const late =
      refused > 0 ? " Its late write is refused, for its token is older than the new leader's." : "";
    return `Candidate ${scene.struck.join(", ")} goes on, and joins again at the end.${late}`;
  }
  const gone = scene.gone.map(nameOf).join(", ");
  if (gone === "" && scene.server !== null)
    return `Server ${scene.server} was struck: ${movedWords(scene.moved.size)}, and nobody lost its place.`;
  if (gone === "") return "Nobody has gone.";
  const still = believes(scene, members)
    ? ` ${gone} believes that it still leads: two believe, one may write.`
    : "";
  if (woken.size === 0) return `${gone} has gone: nobody watched it, and nobody woke.${still}`;
  if (woken.size > 1) {
    const next = leads === null ? "" : ` ${nameOf(leads)} leads${inTime};`;
    return `${gone} has gone; ${woken.size} of ${others} woke, and ${scene.reads.length} read the list;${next} ${inVain.size} for nothing.${still}`;
  }
  const [one] = [...woken.keys()];
  const member = members.find(({ candidate, stands }) => stands && candidate === one);
  const name = nameOf(member?.sequence ?? null);
  const looks = scene.reads.length > 0 ? "looks, and " : "";
  const then = member?.leads ? `leads${inTime}` : `watches ${watchedName(member?.watches ?? null)}`;
  return `${name} watched ${gone}; ${gone} has gone; ${name} ${looks}${then}: nobody else woke.${still}`;
}

/** Those whose server nobody can be sure of, and those that have none. */
export function unservedWords(sides: readonly Side[]): string {
  const lines = sides.flatMap(({ scheme, inLine }) => {
    const names = inLine.filter(({ servedBy }) => servedBy === null).map(({ sequence }) => nameOf(sequence));
    return names.length === 0
      ? []
      : `${scheme}: ${names.length > MOST_NAMES ? names.length : names.join(" ")}`;
  });
  return lines.length === 0 ? "" : `Not known which server serves them, if any does: ${lines.join("; ")}.`;
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

// What the figures say

const partDone: Record<PartName, string> = {
  woken: "woken",
  looked: "has the list",
  leads: "leads",
  quiet: "all quiet again",
};

/** A part of a failover, and when it ended. */
export function partWords(name: PartName, until: number): string {
  return `${partDone[name]} ${duration(Math.round(until))}`;
}

/** How long it took until ZooKeeper had noticed. */
export function barWords(bar: Bar | undefined): string {
  if (bar === undefined) return "Nobody has gone yet.";
  const { scene, noticed, parts } = bar;
  const woken = isAtOnce(parts[0]) ? ", and the first one woken," : "";
  return `${scene.gone.map(nameOf).join(", ")} gone${woken} ${duration(Math.round(noticed))} after the strike, then:`;
}

/** A real ensemble's removal is told when the first one has heard of it. */
function isAtOnce(part: Part | undefined): boolean {
  return part?.name === "woken" && part.until === 0;
}

/** The parts that there is something to say about. */
export function toldParts({ parts }: Bar): readonly Part[] {
  return parts.filter((part) => !isAtOnce(part));
}

export function overlapWords({ overlap }: Bar): string {
  if (overlap === null) return "";
  if (overlap.until === null) return "two believe that they lead, and still do";
  return `two believed that they lead, for ${duration(Math.round(overlap.until - overlap.from))}`;
}

export function barTip({ scheme }: Side, bar: Bar | undefined): string {
  if (bar === undefined)
    return `${scheme}: here are the parts of the last failover, when there has been one.`;
  const parts = toldParts(bar).map(({ name, until }) => partWords(name, until));
  const overlap = overlapWords(bar);
  const said = [
    ...(bar.parts.length === 0 ? ["nobody was woken"] : parts),
    ...(overlap === "" ? [] : [overlap]),
  ];
  return `${scheme}: ${barWords(bar)} ${said.join(", ")}.`;
}

/** The medians of all failovers so far. */
export function medianWords(failovers: readonly Failover[]): string {
  const [leads, quiet] = [medianOf(failovers, "leadsAfter"), medianOf(failovers, "quietAfter")];
  if (leads === undefined || quiet === undefined) return "no leader has been replaced yet";
  const of = failovers.length === 1 ? "one failover" : `median of ${failovers.length}`;
  return `new leader ${duration(Math.round(leads))}, all quiet ${duration(Math.round(quiet))} (${of})`;
}

export function dotTip(kind: keyof Failover, failover: Failover, index: number): string {
  const what = kind === "leadsAfter" ? "the new leader led" : "the last one woken slept again";
  return `Failover ${index + 1}: ${what} ${duration(Math.round(failover[kind]))} after the old leader was gone.`;
}

/**
 * What to do first.
 * @param how what follows is shown: "1000 times slower"
 */
export function guideWords(acts: readonly Act[], how: string): string {
  const [first] = blows.filter((blow) => acts.includes(blow));
  const shown = `and you see what follows, ${how}. Who wakes up, and why?`;
  if (acts.includes("next"))
    return `Press Next strike: what was struck then is struck again in both, ${shown}`;
  return first === undefined
    ? ""
    : `Press ${blowWords[first].name}: the same strike falls on the leaders of both, ${shown}`;
}

/** What to do while a scene is on. */
export function watchingWords(how: string): string {
  return `Watch both lines: this is shown ${how}. Pause it, or take the next step yourself.`;
}

/** What both lines show together, if the last strike has shown anything. */
export function moralWords([above, below]: readonly (Scene | undefined)[]): string {
  if (
    above === undefined ||
    below === undefined ||
    above.settledAfter === null ||
    below.settledAfter === null
  )
    return "";
  const [many, where] = above.inVain.size > below.inVain.size ? [above, "above"] : [below, "below"];
  const few = many === above ? below : above;
  if (many.inVain.size === 0 || few.inVain.size >= many.inVain.size) return "";
  const though = many.leads === null ? "nobody has anything to do" : "only one can lead";
  return (
    `The same strike woke ${few.woken.size} ${many === above ? "below" : "above"} and ${many.woken.size} ${where}, ` +
    `where all watch the same, though ${though}: ${many.inVain.size} woke for nothing, and all asked for the list ` +
    "at once. This is the herd effect, and it grows with their number. What helps: let each watch only the entry " +
    "just before its own."
  );
}

/** What else there is to do. */
export function furtherWords(acts: readonly Act[]): string {
  return acts.includes("next")
    ? "Press Next strike to go on."
    : "Click on any box to strike that place in both lines, or have the things below shown step by step.";
}

// What is said of whatever is pointed at

/** Everything about a member. */
export function memberTip(member: Member, believes: boolean, now: number): string {
  const { sequence, candidate, servedBy, leads, term } = member;
  const served = servedBy === null ? "" : ` Server ${servedBy} serves it.`;
  const token =
    term === null || !(leads || believes)
      ? ""
      : ` Token ${term.czxid}, the czxid of its znode: writes with it are refused once a newer one has been used.`;
  const does = `${nameOf(sequence)}, of candidate ${candidate}, ${doesWords(member, believes)}.`;
  return `${does}${token}${leaseWords(member, now)}${served}`;
}

function leaseWords({ trouble, term }: Member, now: number): string {
  if (trouble === null || trouble === "dead" || term?.until !== null || term.leaseUntil === null) return "";
  const left = term.leaseUntil - now;
  if (left <= 0) return " Its lease, the time that it may lead unheard, has run out.";
  return ` The bar is its lease: it may lead unheard for ${duration(Math.round(left))} more.`;
}

function doesWords(
  { stands, trouble, leads, wake, inVain, session, watches }: Member,
  believes: boolean,
): string {
  if (believes) return "has been removed by ZooKeeper, but its owner believes that it still leads";
  switch (trouble) {
    case "dead":
      return stands ? "is dead, and stays in line until its session has timed out" : "is dead and gone";
    case "frozen":
      return "stands still, and knows nothing of it";
    case "cut":
      return "is cut off: nothing reaches it, nothing leaves it";
    case null:
      break;
    default:
      trouble satisfies never;
  }
  if (!stands) return "has gone";
  if (leads) return "wears the crown: it is the oldest entry, and leads";
  if (session === "suspended") return "has lost its connection, and looks for another server";
  switch (wake) {
    case "asleep":
      return watches === null
        ? "is about to join"
        : `sleeps until its watch on ${watchedName(watches)} fires`;
    case "woken":
      return "is awake: its watch has fired, and it asks for the list";
    case "looks":
      return "has the list, and looks which entry is before its own";
    case "again":
      return `${inVain ? "was woken for nothing" : "has looked"}, and watches ${watchedName(watches)} now`;
    default:
      return wake satisfies never;
  }
}

/** What an arrow is. */
export function watchTip({ sequence, fired, watches, wake }: Member): string {
  const [own, other] = [nameOf(sequence), watchedName(fired ?? watches)];
  if (fired !== null) return `The watch of ${own} on ${other} has fired: ZooKeeper has called it, once.`;
  if (wake === "again") return `${own} has set a new watch, on ${other}.`;
  return `The watch of ${own} on ${other}: ZooKeeper calls ${own} once when ${other === "the list" ? "the list changes" : `${other} goes`}.`;
}

/** A step of a story, of both lines. */
export function stepWords([above = "", below = ""]: readonly string[]): string {
  if (above === below) return above;
  return `Above: ${above || "all sleep on."} Below: ${below || "all sleep on."}`;
}
