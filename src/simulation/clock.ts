/** The one clock of a world: virtual milliseconds, which pass only when the world lets them. */
export interface Clock {
  now: number;
}
