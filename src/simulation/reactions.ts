/**
 * Settles when the code under test has reacted to what has happened: it uses no timers and no I/O here, so all
 * of its reactions are jobs of this turn of the event loop. A new turn for each event would cost a third more.
 */
export function reactions(): Promise<void> {
  return new Promise((resolve) => process.nextTick(resolve));
}
