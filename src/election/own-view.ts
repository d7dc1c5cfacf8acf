import { type Contender, contendersOf, isOldest } from "./contenders.ts";
import type { LookCause, View } from "./scheme.ts";

/**
 * A contender's view of a list of children. The oldest only has to know that it is: then the others are sorted
 * only if somebody asks for them.
 */
export class OwnView implements View {
  readonly cause: LookCause;
  /** −1 if its contender is not there. */
  readonly position: number;
  /** The number of contenders. */
  readonly length: number;
  readonly #children: readonly string[];
  #contenders: readonly Contender[] | undefined;

  constructor(children: readonly string[], own: Contender, cause: LookCause) {
    this.#children = children;
    this.cause = cause;
    const leads = isOldest(children, own);
    this.position = leads ? 0 : this.contenders.findIndex(({ name }) => name === own.name);
    this.length = leads ? children.length : this.contenders.length;
  }

  get contenders(): readonly Contender[] {
    this.#contenders ??= contendersOf(this.#children);
    return this.#contenders;
  }
}
