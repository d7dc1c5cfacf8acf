/// <reference lib="dom" />
/** The live page: strikes go to the ground, what it tells is shown slowed down. */
import { schemeNames } from "../../election/schemes.ts";
import { part, textIn } from "../../report/client/page-parts.ts";
import { schemeInk } from "../../report/scheme-style.ts";
import { duration } from "../../report/timeline/time-scale.ts";
import { messageOf } from "../../thrown.ts";
import { type Audience, blows, type Ground, type ServerNow, type Strike, serverBlows } from "../ground.ts";
import { placesOf, spacingOf } from "../lane.ts";
import { type Lesson, lessonsFor } from "../lessons.ts";
import { type Phase, phaseOf, Show } from "../show.ts";
import { type Scene, Side } from "../side.ts";
import {
  blowWords,
  furtherWords,
  guideWords,
  moralWords,
  openingWords,
  phaseWords,
  serverBlowWords,
  spoken,
  stepWords,
  watchingWords,
  watchWords,
} from "../words.ts";
import { FiguresView } from "./figures-view.ts";
import { LaneView } from "./lane-view.ts";
import { ServersView } from "./servers-view.ts";
import { Tips } from "./tips.ts";

/** How long a scene's end can be seen before those who are gone leave their places, in milliseconds. */
const AFTERMATH_MS = 2600;
/** The time between two steps where motion is reduced. */
const STEP_MS = 1500;
/** Left and right of a track: room for the mark of a chosen box. */
const MARGINS = 16;
const LONGEST_FRAME_MS = 100;
/** A story needs a line that is long enough. */
const STORY_CANDIDATES = 8;

const keys: ReadonlyMap<string, Strike["act"]> = new Map([
  ...blows.map((blow) => [blowWords[blow].key, blow] as const),
  ...serverBlows.map((blow) => [serverBlowWords[blow].key, blow] as const),
  ["h", "heal"],
  ["+", "join"],
  ["s", "next"],
]);

interface LineParts {
  readonly root: HTMLElement;
  readonly scheme: HTMLSelectElement;
  readonly view: HTMLElement;
  readonly lane: LaneView;
}

export class LivePage {
  readonly #ground: Ground;
  readonly #show: Show;
  readonly #lines: readonly LineParts[];
  readonly #lessons: readonly { readonly lesson: Lesson; readonly card: HTMLElement }[];
  #sides: readonly Side[] = [];
  /** The place that is struck next, counted among those who stand. */
  #place = 0;
  /** The server that is struck next. */
  #server = 1;
  readonly #servers: ServersView;
  readonly #figures: FiguresView;
  readonly #tips: Tips;
  /** The lines do not close ranks before this moment. */
  #aftermath: ReturnType<typeof setTimeout> | undefined;
  /** The lesson that is being told, step by step. */
  #story: Lesson | undefined;
  #stepAt = 0;
  #begun = 0;
  /** The room of a line, in pixels. */
  #width = 0;
  /** Whether the lines have changed since they were drawn. */
  #isStale = false;
  readonly #still = matchMedia("(prefers-reduced-motion: reduce)");

  /** @param groundOf makes the ground, which tells its audience what happens */
  constructor(groundOf: (audience: Audience) => Ground) {
    this.#show = new Show(2, (side, happening) => this.#shown(side, happening), {
      began: () => this.#closeRanks(),
      ended: () => this.#ended(),
    });
    this.#ground = groundOf((side, happening) => this.#show.hear(side, happening));
    this.#lines = [...document.querySelectorAll<HTMLElement>('[data-part="line"]')].map((root, side) => ({
      root,
      scheme: part(root, "scheme", HTMLSelectElement),
      view: part(root, "view", HTMLElement),
      lane: new LaneView(
        part(root, "track", HTMLElement),
        `Candidates of election ${side + 1}`,
        this.#ground.powers.sessionTimeoutMs * 1e6,
        (sequence) => this.#choose(side, sequence),
      ),
    }));
    this.#servers = new ServersView(this.#part("servers", HTMLElement), (server) => {
      this.#server = server;
      this.#draw();
    });
    this.#figures = new FiguresView(this.#part("compare", HTMLElement));
    this.#tips = new Tips((target, point) => {
      for (const { lane } of this.#lines) {
        const words = lane.wordsAt(target, point);
        if (words !== undefined) return words;
      }
      return undefined;
    });
    const lessons = lessonsFor(this.#ground.powers);
    this.#lessons = [...document.querySelectorAll<HTMLElement>('[data-part="lesson"]')].flatMap(
      (card, index) => {
        const lesson = lessons[index];
        return lesson === undefined ? [] : { lesson, card };
      },
    );
    const { schemes } = this.#ground.powers;
    this.#lines.forEach(({ scheme }, side) => {
      scheme.value = schemes[side] ?? schemes[0] ?? "predecessor";
    });
    this.#listen();
    void this.#begin();
    let before = performance.now();
    const frame = (now: number) => {
      // A page that was hidden goes on where it was.
      this.#pass(Math.min(LONGEST_FRAME_MS, now - before));
      before = now;
      requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  }

  #part<T extends HTMLElement>(name: string, type: new () => T): T {
    return part(document.body, name, type);
  }

  // What a person does

  #listen(): void {
    if (this.#ground.powers.candidates === "chosen") this.#listenToStart();
    for (const { scheme } of this.#lines) scheme.addEventListener("change", () => void this.#begin());
    this.#on("pause", () => this.#pause());
    this.#on("step", () => this.#step());
    this.#on("story-next", () => this.#step());
    this.#on("story-end", () => this.#pause());
    const slower = this.#part("slower", HTMLSelectElement);
    slower.addEventListener("change", () => {
      this.#show.slower = Number(slower.value);
      this.#draw();
    });
    for (const button of document.querySelectorAll<HTMLElement>("[data-act]"))
      button.addEventListener("click", () => this.#act(button.dataset.act));
    for (const { lesson, card } of this.#lessons)
      card.querySelector("button")?.addEventListener("click", () => void this.#tell(lesson));
    document.addEventListener("keydown", (event) => this.#key(event));
    const resized = new ResizeObserver(() => this.#measure());
    for (const { view } of this.#lines) resized.observe(view);
  }

  /** Asking for a width while things are being drawn would cost a layout each time. */
  #measure(): void {
    this.#width = (this.#lines[0]?.view.clientWidth ?? 0) - MARGINS;
    this.#draw();
  }

  #listenToStart(): void {
    const slider = this.#part("candidates", HTMLInputElement);
    slider.addEventListener("input", () => {
      this.#part("candidates-said", HTMLElement).textContent = slider.value;
    });
    slider.addEventListener("change", () => void this.#begin());
    this.#on("again", () => void this.#begin());
  }

  #on(name: string, act: () => void): void {
    this.#part(name, HTMLButtonElement).addEventListener("click", act);
  }

  #key(event: KeyboardEvent): void {
    const { target, key } = event;
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (target instanceof HTMLSelectElement) return;
    const moves: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };
    const move = moves[key];
    if (move !== undefined && target instanceof HTMLElement && target.closest(".track")) {
      const side = this.#lines.findIndex(({ root }) => root.contains(target));
      this.#move(this.#place + move);
      this.#lines[side]?.lane.focus(this.#selectedOn(side) ?? -1);
    } else if (move !== undefined && target instanceof HTMLElement && target.closest(".servers")) {
      this.#server = Math.max(1, Math.min(this.#serversNow.length, this.#server + move));
      this.#draw();
      this.#servers.focus(this.#server);
    } else if (key === "p") this.#pause();
    else if (key === "n") this.#step();
    else if (keys.has(key)) this.#act(keys.get(key));
    else return;
    event.preventDefault();
  }

  #choose(side: number, sequence: number): void {
    const place = this.#sides[side]?.inLine.findIndex((member) => member.sequence === sequence) ?? -1;
    if (place !== -1) this.#move(place);
  }

  #move(place: number): void {
    const last = Math.max(...this.#sides.map(({ inLine }) => inLine.length)) - 1;
    this.#place = Math.max(0, Math.min(last, place));
    this.#draw();
  }

  #selectedOn(side: number): number | undefined {
    return this.#sides[side]?.inLine[this.#place]?.sequence;
  }

  #act(word: string | undefined): void {
    const act = this.#ground.powers.acts.find((one) => one === word);
    const blow = blows.find((one) => one === act);
    if (blow !== undefined) this.#strike({ act: blow, place: this.#place });
    else if (act === "heal" || act === "join" || act === "next") this.#strike({ act });
    const serverBlow = serverBlows.find((one) => one === act);
    const server = this.#serversNow.find((one) => one.server === this.#server);
    if (serverBlow !== undefined && server !== undefined && server.role !== "away")
      this.#strike({ act: serverBlow, server: server.server });
  }

  /** Both lines stand on the same ones. */
  get #serversNow(): readonly ServerNow[] {
    return this.#sides.find(({ servers }) => servers.length > 0)?.servers ?? [];
  }

  #strike(strike: Strike): void {
    this.#show.strike(() => {
      this.#ground.strike(strike).catch((error: unknown) => {
        this.#show.abandon();
        this.#part("notice", HTMLElement).textContent = `That strike was refused: ${messageOf(error)}.`;
      });
    });
    this.#bringIntoView();
    this.#said();
  }

  /** Both lines have to be seen, rather than the words above them. */
  #bringIntoView(): void {
    const [first, last] = [this.#lines.at(0), this.#lines.at(-1)].map((line) =>
      line?.root.getBoundingClientRect(),
    );
    const end = this.#part("dock", HTMLElement).getBoundingClientRect().top;
    if (first === undefined || last === undefined || (first.top >= 0 && last.bottom <= end)) return;
    this.#part("stage", HTMLElement).scrollIntoView({ block: "start" });
  }

  async #begin(): Promise<void> {
    const begun = ++this.#begun;
    clearTimeout(this.#aftermath);
    this.#endStory();
    this.#show.clear();
    const [first = "predecessor", second = "leader"] = this.#lines.map(
      ({ scheme }) => schemeNames.find((name) => name === scheme.value) ?? "predecessor",
    );
    this.#sides = [first, second].map((scheme) => new Side(scheme));
    this.#place = 0;
    this.#part("log", HTMLElement).replaceChildren();
    this.#lines.forEach(({ root }, side) => {
      const scheme = this.#sides[side]?.scheme ?? "predecessor";
      part(root, "watch", HTMLElement).textContent = watchWords[scheme];
      part(root, "caption", HTMLElement).textContent = "";
      root.style.setProperty("--mine", `var(--${schemeInk(scheme)})`);
    });
    const { powers } = this.#ground;
    const candidates =
      powers.candidates === "chosen"
        ? Number(this.#part("candidates", HTMLInputElement).value)
        : powers.candidates;
    await this.#ground.begin({ schemes: [first, second], candidates });
    // Somebody has begun once more.
    if (begun !== this.#begun) return;
    this.#show.finish();
    for (const [side, { root }] of this.#lines.entries()) {
      const opened = this.#sides[side];
      if (opened !== undefined) part(root, "caption", HTMLElement).textContent = openingWords(opened);
    }
    this.#drawTally();
    this.#figures.draw(this.#sides);
    this.#draw();
  }

  #pause(): void {
    if (this.#show.state === "paused") {
      this.#endStory();
      this.#show.goOn();
    } else this.#show.pause();
    this.#said();
  }

  #step(): void {
    this.#show.pause();
    let phase = this.#show.step();
    // A story has no steps of which there is nothing to tell.
    while (phase !== undefined && this.#story !== undefined && !this.#tellPhase(phase))
      phase = this.#show.step();
    if (phase === undefined && this.#show.state === "quiet") this.#endStory();
    this.#draw();
  }

  // Stories

  /** Plays what shows a lesson, and stops at each step. */
  async #tell(lesson: Lesson): Promise<void> {
    const fits = this.#sides.some(({ scheme }) => lesson.schemes.includes(scheme));
    const short = this.#sides.some(({ inLine }) => inLine.length < STORY_CANDIDATES);
    if (!fits) {
      const line = this.#lines[lesson.schemes.includes("leader") ? 1 : 0];
      const scheme = lesson.schemes.find((one) => this.#ground.powers.schemes.includes(one));
      if (line !== undefined && scheme !== undefined) line.scheme.value = scheme;
    }
    if (!fits || short || this.#show.state !== "quiet") await this.#begin();
    const [first] = lesson.strikes;
    if (first !== undefined && "place" in first) this.#move(first.place);
    this.#story = lesson;
    this.#part("dock", HTMLElement).classList.add("is-story");
    this.#part("story-text", HTMLElement).textContent = `${lesson.title}. ${lesson.text}`;
    for (const strike of lesson.strikes) this.#strike(strike);
    this.#show.pause();
    this.#part("story-next", HTMLButtonElement).focus({ preventScroll: true });
    this.#draw();
  }

  /** @returns whether there is anything to tell */
  #tellPhase(phase: Phase): boolean {
    const words = stepWords(this.#sides.map((side) => phaseWords(phase, side)));
    if (words !== "") this.#part("story-text", HTMLElement).textContent = words;
    return words !== "";
  }

  #endStory(): void {
    if (this.#story === undefined) return;
    this.#story = undefined;
    const dock = this.#part("dock", HTMLElement);
    const hadFocus = dock.contains(document.activeElement);
    dock.classList.remove("is-story");
    if (hadFocus) dock.querySelector<HTMLElement>("[data-act]")?.focus({ preventScroll: true });
  }

  // What is shown

  #pass(ms: number): void {
    const { state } = this.#show;
    if (state === "quiet") this.#show.pass(ms);
    // While a strike is being measured, perhaps on the same processors, the page stands still.
    if (state !== "playing" || this.#show.isAwaiting) return;
    if (this.#still.matches) {
      this.#stepAt += ms;
      if (this.#stepAt < STEP_MS) return;
      this.#stepAt = 0;
      this.#show.step();
    } else this.#show.pass(ms);
    // Leases run down all the time.
    const leases = this.#sides.some(({ members }) => members.some(({ trouble }) => trouble !== null));
    if (this.#isStale || leases) this.#draw();
    else this.#said();
  }

  #shown(number: number, happening: Parameters<Audience>[1]): void {
    const side = this.#sides[number];
    const line = this.#lines[number];
    if (side === undefined || line === undefined) return;
    const { tally } = side;
    side.hear(happening);
    this.#isStale = true;
    const words = side.scene === undefined ? "" : phaseWords(phaseOf(happening), side);
    if (words !== "" && spoken.has(happening.type))
      part(line.root, "caption", HTMLElement).textContent = words;
    // A scene adds to the tally when it is over.
    if (side.tally === tally) return;
    this.#drawTally();
    this.#log(side, words);
    this.#tick(side);
  }

  #log(side: Side, words: string): void {
    const item = document.createElement("p");
    item.append(textIn("b", `${side.scheme}: `), words);
    this.#part("log", HTMLElement).prepend(item);
  }

  #tick(side: Side): void {
    for (const { lesson, card } of this.#lessons) {
      const seen = lesson.schemes.includes(side.scheme) ? lesson.seen(side) : undefined;
      const said = card.querySelector<HTMLElement>(".seen");
      if (seen === undefined || said === null) continue;
      card.classList.add("is-seen");
      said.hidden = false;
      said.textContent = `Seen: ${seen}.`;
    }
  }

  #ended(): void {
    this.#figures.draw(this.#sides);
    this.#draw();
    if (this.#show.queued > 0) return;
    clearTimeout(this.#aftermath);
    this.#aftermath = setTimeout(() => {
      if (this.#show.state === "quiet" && this.#story === undefined) this.#closeRanks();
    }, AFTERMATH_MS);
  }

  #closeRanks(): void {
    for (const side of this.#sides) side.closeRanks();
    this.#move(this.#place);
  }

  #draw(): void {
    this.#isStale = false;
    const places = Math.max(...this.#sides.map(placesOf));
    const shift = this.#sides.some(({ scheme }) => scheme === "children") ? 1 : 0;
    const spacing = spacingOf(this.#width, places);
    this.#part("folded", HTMLElement).hidden = spacing.folded === null;
    this.#sides.forEach((side, number) => {
      const line = this.#lines[number];
      if (line === undefined) return;
      line.lane.draw(side, spacing, shift, this.#selectedOn(number), this.#show.nowOn(number));
      this.#drawCounts(line.root, side);
    });
    this.#drawServers();
    this.#guide();
    this.#said();
    this.#tips.refresh();
  }

  /** The scene that somebody has asked for: who comes back by itself does not take away what was to be seen. */
  #sceneOf({ scene, lastLoss }: Side): Scene | undefined {
    const isReturn = scene?.act === "join" || scene?.act === "heal";
    return isReturn && !this.#ground.powers.acts.includes(scene.act) ? lastLoss : scene;
  }

  #guide(): void {
    const scenes = this.#sides.flatMap((side) => this.#sceneOf(side) ?? []);
    const isFirst = scenes.length === 0;
    const isOn = scenes.some(({ settledAfter }) => settledAfter === null);
    const moral = isOn ? "" : moralWords(scenes);
    const { acts } = this.#ground.powers;
    const how = this.#still.matches ? "step by step" : `${this.#show.slower} times slower`;
    const further = isOn ? watchingWords(how) : furtherWords(acts);
    const words = this.#story?.text ?? (isFirst ? guideWords(acts, how) : further);
    const guide = this.#part("guide", HTMLElement);
    write(guide, moral || words);
    guide.className = moral !== "" ? "guide is-moral" : isFirst ? "guide is-first" : "guide";
  }

  #drawServers(): void {
    const servers = this.#serversNow;
    this.#part("ensemble", HTMLElement).hidden = servers.length === 0;
    if (servers.length === 0) return;
    this.#servers.draw(servers, this.#sides, this.#server);
    const isAway = servers.some(({ server, role }) => server === this.#server && role === "away");
    for (const blow of serverBlows) {
      const button = document.querySelector<HTMLButtonElement>(`[data-act="${blow}"]`);
      if (button !== null) button.disabled = isAway;
    }
    const said = document.querySelector('[data-part="selected-server"]');
    if (said !== null) said.textContent = `Strike server ${this.#server}:`;
  }

  #drawCounts(root: HTMLElement, side: Side): void {
    const scene = this.#sceneOf(side);
    const counts = {
      woken: scene?.woken.size ?? 0,
      vain: scene?.inVain.size ?? 0,
      reads: scene?.reads.length ?? 0,
    };
    for (const [name, count] of Object.entries(counts)) {
      const place = part(root, name, HTMLElement);
      write(place, String(count));
      place.closest("div")?.classList.toggle("is-lit", count > 0);
    }
    write(part(root, "others", HTMLElement), `of ${scene?.others ?? Math.max(0, side.inLine.length - 1)}`);
  }

  #drawTally(): void {
    const rows = this.#sides.map(({ scheme, tally: { scenes, woken, inVain, reads } }) => {
      const row = document.createElement("tr");
      const name = document.createElement("th");
      name.scope = "row";
      name.textContent = scheme;
      const cells = [scenes, woken, inVain, reads].map((count) => {
        const cell = document.createElement("td");
        cell.className = "figure";
        cell.textContent = String(count);
        return cell;
      });
      row.append(name, ...cells);
      return row;
    });
    this.#part("tally", HTMLElement).replaceChildren(...rows);
  }

  /** The clock, the selected place and the strikes that wait, in words. */
  #said(): void {
    const { state, slower, isAwaiting, isLull, queued, at } = this.#show;
    const isBefore = this.#sides.every(({ scene }) => scene === undefined);
    write(this.#part("time", HTMLElement), isBefore ? "" : duration(Math.round(at)));
    const pace = {
      quiet: isBefore
        ? "Time stands still until somebody is struck."
        : "since the strike. Time stands still.",
      playing:
        isAwaiting || isBefore
          ? "The strike is being carried out; what happens is shown when all have settled."
          : isLull
            ? "since the strike: nothing moves, shown faster"
            : `since the strike, ${this.#still.matches ? "step by step" : `${slower} × slower`}`,
      paused: "since the strike, paused",
    };
    write(this.#part("pace", HTMLElement), pace[state]);
    const pause = this.#part("pause", HTMLButtonElement);
    pause.setAttribute("aria-pressed", String(state === "paused"));
    write(this.#part("queued", HTMLElement), queued > 0 ? `${queued} queued` : "");
    write(this.#part("selected", HTMLElement), placeWords(this.#place));
  }
}

function placeWords(place: number): string {
  if (place === 0) return "Strike the leader:";
  return place === 1 ? "Strike the next one:" : `Strike place ${place + 1}:`;
}

function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
