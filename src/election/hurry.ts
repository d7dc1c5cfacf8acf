/**
 * Somebody waits for the end of the retries, so long pauses are over. The signal is created on demand: aborting
 * one takes longer than sending the delete that the next leader waits for.
 */
export class Hurry {
  #isOn = false;
  #controller: AbortController | undefined;

  /** Aborted once there is a hurry. */
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
