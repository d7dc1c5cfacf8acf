/**
 * Landmarks are a few contenders before its own that a waiting one remembers. By them it notices that its turn
 * comes near, without reading the list again: under most schemes nobody tells it when older ones go.
 *
 * When it looks, it remembers those that stand {@link NEAR}, twice as many, four times as many, … places before
 * it: among a million, sixteen. Now and then it asks whether the nearest of them is still there. If not, it
 * forgets that one and asks for the next. Once none is left, it is near.
 *
 * While a landmark is there, nobody behind it has had a turn. So the line shrinks between the two only by those
 * who leave out of turn. One that waits for its predecessor looks again when that goes, and then knows its
 * place. Others may go unnoticed, and then it is nearer than it believes; so it is when {@link NEAR} lead one
 * after the other before it asks again. See pace.ts for what follows.
 */
import { type Contender, namesake } from "./contenders.ts";
import type { View } from "./scheme.ts";

/** One is near if fewer contenders stand before it. */
export const NEAR = 16;

export class Landmarks {
  readonly #near: number;
  /** The nearest one first. */
  #ahead: Contender[] = [];
  /** Whether the nearest one was there when it was looked for. */
  #seen: "yes" | "not yet" = "not yet";

  /** @param near another number than {@link NEAR} */
  constructor(near = NEAR) {
    this.#near = near;
  }

  /** Takes them from its own view. */
  look(view: Pick<View, "contenders" | "position">): void {
    this.#remember(view.position, (places) => view.contenders[view.position - places]);
    this.#seen = "yes";
  }

  /**
   * Takes them by number, without a list: some may be gone, or have never been there (by-number.ts). Until one
   * is found, its own contender counts as near.
   */
  count(own: Contender): void {
    this.#remember(own.sequence, (places) => namesake(own, places));
    this.#seen = "not yet";
  }

  /** @param farthest the number of places before its own, as far as known */
  #remember(farthest: number, before: (places: number) => Contender | undefined): void {
    this.#ahead = [];
    for (let places = this.#near; places <= farthest; places *= 2) {
      const contender = before(places);
      if (contender !== undefined) this.#ahead.push(contender);
    }
  }

  /** How far its own contender is from its turn, as far as it knows. */
  get distance(): "near" | "far" {
    return this.#seen === "yes" && this.#ahead.length > 0 ? "far" : "near";
  }

  /** The nearest one may have gone unnoticed: until it is found, its own contender counts as near. */
  doubt(): void {
    this.#seen = "not yet";
  }

  /** The nearest one is there. */
  found(): void {
    this.#seen = "yes";
  }

  /** The one to ask for; none if there is nothing to find out. */
  get nearest(): Contender | undefined {
    return this.#ahead[0];
  }

  /** That one has gone. */
  forget(contender: Contender): void {
    this.#ahead = this.#ahead.filter((one) => one !== contender);
  }
}
