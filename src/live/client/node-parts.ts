/// <reference lib="dom" />
/**
 * What the election and the model use of Node, for a browser: the build puts this file in the place of every
 * `node:` module (scripts/build.mjs). Only what they use is here, and it behaves as they need it.
 */

type Listener = (...values: unknown[]) => void;

export class EventEmitter {
  readonly #listeners = new Map<string, Listener[]>();

  on(name: string, listener: Listener): this {
    this.#listeners.set(name, [...(this.#listeners.get(name) ?? []), listener]);
    return this;
  }

  once(name: string, listener: Listener): this {
    const once = (...values: unknown[]) => {
      this.off(name, once);
      listener(...values);
    };
    return this.on(name, once);
  }

  off(name: string, listener: Listener): this {
    const others = [...(this.#listeners.get(name) ?? [])];
    const place = others.lastIndexOf(listener);
    if (place !== -1) others.splice(place, 1);
    this.#listeners.set(name, others);
    return this;
  }

  /** As in Node, listeners that come or go meanwhile change nothing. */
  emit(name: string, ...values: unknown[]): boolean {
    const listeners = this.#listeners.get(name) ?? [];
    for (const listener of listeners) listener.apply(this, values);
    return listeners.length > 0;
  }

  listenerCount(name: string): number {
    return this.#listeners.get(name)?.length ?? 0;
  }

  setMaxListeners(): this {
    return this;
  }
}

export function once(emitter: EventEmitter, name: string): Promise<unknown[]> {
  return new Promise((resolve) => emitter.once(name, (...values) => resolve(values)));
}

/** Nobody subscribes here. */
export function channel(): { readonly hasSubscribers: boolean; publish(): void } {
  return { hasSubscribers: false, publish: () => undefined };
}

export function isDeepStrictEqual(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

export function inspect(value: unknown): string {
  return String(value);
}

export const types = { isNativeError: (value: unknown): value is Error => value instanceof Error };

const { performance } = globalThis;

export { performance };

const turns = new MessageChannel();
const waiting: (() => void)[] = [];
turns.port1.onmessage = () => waiting.shift()?.();

export const process = {
  /** Calls back when all promises that can settle have done so. */
  nextTick(callback: () => void): void {
    waiting.push(callback);
    turns.port2.postMessage(null);
  },
  emitWarning(error: Error): void {
    console.warn(error);
  },
};

const encoder = new TextEncoder();

/** Text that only its own side ever reads. */
export const Buffer = {
  from: (text: string) => ({ toString: () => text }),
  byteLength: (text: string) => encoder.encode(text).length,
};
