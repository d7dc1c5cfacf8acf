/**
 * Describes states of the world as short texts: equal texts mean equal states, except for collisions of 64
 * bits. Used by a search that has to recognise states.
 */
import type { Message, Request } from "./message.ts";

/** A running hash of a sequence of texts. */
export class Fingerprint {
  #high = 0x811c9dc5 | 0;
  #low = 0x2f0b4f1d | 0;

  add(text: string, number: number): void {
    let high = Math.imul(this.#high ^ number, 0x01000193);
    let low = Math.imul(this.#low + number, 0x85ebca6b | 0);
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      high = Math.imul(high ^ code, 0x01000193);
      low = Math.imul(low ^ (low >>> 15) ^ code, 0xc2b2ae35 | 0);
    }
    this.#high = high;
    this.#low = low;
  }

  get text(): string {
    return `${(this.#high >>> 0).toString(36)}.${(this.#low >>> 0).toString(36)}`;
  }
}

/** The content of a message to a client, as far as it can make a difference to it. */
export function messageText(session: number, message: Message): string {
  switch (message.type) {
    case "connected":
    case "expired":
    case "pong":
    case "hangup":
      return `${session} ${message.type}`;
    case "notification":
      return `${session} ${message.event} ${message.path}`;
    case "reply": {
      const { code, call, value, zxid } = message;
      return `${session} ${call.operation} ${call.path} ${code} ${zxid} ${valueText(value)}`;
    }
    default:
      return message satisfies never;
  }
}

function valueText(value: unknown): string {
  if (value === undefined) return "";
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return value.join();
  return JSON.stringify(value);
}

export function requestText(request: Request): string {
  switch (request.operation) {
    case "ping":
    case "close-session":
      return request.operation;
    case "set-watches":
      return `set-watches ${request.zxid} ${request.data.join()} ${request.children.join()}`;
    case "create":
    case "get":
    case "exists":
    case "children":
    case "set":
    case "set-acl":
    case "remove":
    case "sync": {
      const { operation, path, mode, version, data, watch } = request;
      return `${operation} ${path} ${mode} ${version} ${data} ${watch === undefined ? "" : "watch"}`;
    }
    default:
      return request satisfies never;
  }
}
