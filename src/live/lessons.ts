/** What is to be learned on the page: each lesson ticks itself when the history shows it. */
import type { SchemeName } from "../election/schemes.ts";
import type { Powers, Strike } from "./ground.ts";
import type { Side } from "./side.ts";
import { nameOf, readFigures, wakeFigures } from "./words.ts";

export interface Lesson {
  readonly title: string;
  readonly text: string;
  /** What shows it: strikes, one after the other, of which a ground may lack those that it does itself. */
  readonly strikes: readonly Strike[];
  /** What shows it where nobody can be told to do any of these. */
  readonly instead?: Strike;
  /** The schemes that it needs: one of them on a side. */
  readonly schemes: readonly SchemeName[];
  /** What was seen, if the side's last scene shows it. */
  seen(side: Side): string | undefined;
}

const near: readonly SchemeName[] = ["predecessor", "heir"];
const far: readonly SchemeName[] = ["leader", "children"];

/** The lessons that can be had on a ground. In a recording nobody can strike, but it may show them. */
export function lessonsFor({ acts, schemes }: Powers): Lesson[] {
  const fits = (lesson: Lesson) => lesson.schemes.some((one) => schemes.includes(one));
  if (acts.includes("next")) return lessons.filter(fits).map((lesson) => ({ ...lesson, strikes: [] }));
  const offered = ({ act }: Strike) => acts.includes(act);
  return lessons.flatMap((lesson) => {
    const possible = lesson.strikes.filter(offered);
    const strikes = possible.length === 0 && lesson.instead !== undefined ? [lesson.instead] : possible;
    return strikes.every(offered) && strikes.length > 0 && fits(lesson) ? { ...lesson, strikes } : [];
  });
}

const lessons: readonly Lesson[] = [
  {
    title: "Each watches the one before it",
    text: "Entries stand in line by their age. Who joins gets the next number, goes to the end, and watches the entry just before its own.",
    strikes: [{ act: "join" }],
    instead: { act: "resign", place: 5 },
    schemes: near,
    seen({ scene, members }) {
      const [last, before] = [members.at(-1), members.at(-2)];
      const isSo = scene?.act === "join" && last?.watches === before?.sequence && before !== undefined;
      return isSo ? `${nameOf(last?.sequence ?? null)} watches ${nameOf(before.sequence)}` : undefined;
    },
  },
  {
    title: "A follower goes: only the next one wakes",
    text: "The one behind it asks for the list, and watches the next entry ahead: the gap is closed. All others sleep on.",
    strikes: [{ act: "resign", place: 5 }],
    schemes: near,
    seen({ scene }) {
      const isSo = scene !== undefined && scene.place > 0 && scene.gone.length > 0 && scene.woken.size === 1;
      return isSo && scene.leads === null ? wakeFigures(scene) : undefined;
    },
  },
  {
    title: "The leader goes: the next one leads",
    text: "One watch fires. Whoever set it asks for the list, sees that its own entry is the oldest now, and leads.",
    strikes: [{ act: "resign", place: 0 }],
    schemes: near,
    seen({ scene }) {
      const isSo = scene?.place === 0 && scene.leads !== null && scene.woken.size === 1;
      return isSo ? `${wakeFigures(scene)}, ${readFigures(scene)}` : undefined;
    },
  },
  {
    title: "All watch the leader: the herd",
    text: "Every watch fires at once, and everybody asks for the list, though only one can lead. Of 1000 candidates, 998 wake for nothing.",
    strikes: [{ act: "resign", place: 0 }],
    schemes: far,
    seen({ scene }) {
      const isSo = scene?.place === 0 && scene.woken.size > 1 && scene.inVain.size > 0;
      return isSo ? wakeFigures(scene) : undefined;
    },
  },
  {
    title: "A leader that stands still does not know that it is none",
    text: "ZooKeeper hears nothing of it, ends its session, and the next one leads. When the old one goes on, it still writes. That is refused: each leader has a token, a number that is higher than all before.",
    strikes: [{ act: "freeze", place: 0 }, { act: "heal" }],
    schemes: [...near, ...far],
    seen({ scene }) {
      return scene !== undefined && scene.refused > 0
        ? `two believed, ${scene.refused} late write refused`
        : undefined;
    },
  },
];
