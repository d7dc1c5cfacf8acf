/**
 * Somebody waits for the end of what is tried again and again: no long pauses any more. The signal is made when
 * it is asked for: to abort one takes longer than to send the delete that the next leader waits for.
 */
export class Hurry {
  #isOn = false;
  #controller: AbortController | undefined;

  /** Aborted when there is a hurry. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#isOn) this.#controller.abort();
    return this.#controller.signal;
  }

  begin(): void {
    this.#isOn = true;
    this.#controller?.abort();
  }
}
