/// <reference lib="dom" />
/** The servers on the page: each with its role, and whom it serves in each line. */
import { textIn } from "../../report/client/page-parts.ts";
import { schemeInk } from "../../report/scheme-style.ts";
import type { ServerNow } from "../ground.ts";
import type { Side } from "../side.ts";
import { roleWords, servedWords, unservedWords } from "../words.ts";

interface ServerElements {
  readonly item: HTMLLIElement;
  readonly button: HTMLButtonElement;
  readonly role: HTMLElement;
  /** One for each line. */
  readonly served: readonly HTMLElement[];
}

export class ServersView {
  readonly #list: HTMLElement;
  readonly #select: (server: number) => void;
  readonly #boxes = new Map<number, ServerElements>();
  readonly #unserved = textIn("p", "");

  /** @param select is called when somebody chooses a server */
  constructor(list: HTMLElement, select: (server: number) => void) {
    this.#list = list;
    this.#unserved.className = "muted";
    list.after(this.#unserved);
    this.#select = select;
  }

  draw(servers: readonly ServerNow[], sides: readonly Side[], selected: number): void {
    for (const { server, role } of servers) {
      const box = this.#boxes.get(server) ?? this.#newBox(server, sides.length);
      box.button.className = `server is-${role}`;
      box.button.setAttribute("aria-pressed", String(server === selected));
      box.button.tabIndex = server === selected ? 0 : -1;
      write(box.role, roleWords[role]);
      sides.forEach((side, line) => {
        const served = box.served[line];
        if (served === undefined) return;
        served.style.setProperty("--mine", `var(--${schemeInk(side.scheme)})`);
        write(served, `${side.scheme}: ${servedWords(side, server)}`);
      });
    }
    write(this.#unserved, unservedWords(sides));
    for (const [server, { item }] of this.#boxes)
      if (!servers.some((one) => one.server === server)) {
        item.remove();
        this.#boxes.delete(server);
      }
  }

  focus(server: number): void {
    this.#boxes.get(server)?.button.focus();
  }

  #newBox(server: number, lines: number): ServerElements {
    const item = document.createElement("li");
    const button = document.createElement("button");
    button.type = "button";
    const role = document.createElement("small");
    const served = Array.from({ length: lines }, () => textIn("span", ""));
    button.append(textIn("b", `Server ${server}`), " ", role, ...served);
    button.addEventListener("click", () => this.#select(server));
    item.append(button);
    this.#list.append(item);
    const elements = { item, button, role, served };
    this.#boxes.set(server, elements);
    return elements;
  }
}

function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text) element.textContent = text;
}
