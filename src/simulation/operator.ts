/**
 * Somebody who works on the ensemble by hand, with a client outside the world's sessions. Their changes are
 * committed at once; they can do nothing while the ensemble cannot decide.
 */
import type { ModelEnsemble } from "./model-ensemble.ts";
import { CONTAINER, NOBODY, parentOf, type Znode } from "./znode-tree.ts";

export class Operator {
  readonly #ensemble: ModelEnsemble;

  constructor(ensemble: ModelEnsemble) {
    this.#ensemble = ensemble;
  }

  /** Creates a persistent znode, and its parents if they are missing. */
  create(path: string, data = ""): void {
    if (path === "/" || this.#find(path) !== undefined || !this.#ensemble.available) return;
    const parent = parentOf(path);
    this.create(parent);
    const owner = this.#find(parent)?.owner;
    if (owner === NOBODY || owner === CONTAINER) {
      this.#ensemble.commit({ type: "create", path, data, owner: NOBODY });
    }
  }

  set(path: string, data: string): void {
    if (this.#find(path) !== undefined) this.#ensemble.commit({ type: "set", path, data });
  }

  /** Removes the znode with everything below it. */
  remove(path: string): void {
    const node = this.#find(path);
    if (node === undefined || path === "/") return;
    for (const name of [...node.children]) this.remove(`${path}/${name}`);
    this.#ensemble.commit({ type: "remove", path });
  }

  /** The next sequential child gets this number; an int32. */
  numberFrom(path: string, creations: number): void {
    if (this.#find(path) !== undefined) this.#ensemble.commit({ type: "number-from", path, creations });
  }

  /** No session may create children there until it is permitted again. */
  forbid(parent: string): void {
    this.#ensemble.forbidden.add(parent);
  }

  permit(parent: string): void {
    this.#ensemble.forbidden.delete(parent);
  }

  /** Also `undefined` while the ensemble cannot decide. */
  #find(path: string): Znode | undefined {
    return this.#ensemble.available ? this.#ensemble.leader?.tree.get(path) : undefined;
  }
}
