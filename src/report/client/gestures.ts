/// <reference lib="dom" />
/**
 * Turns gestures on the timeline into movements of the picture. The wheel zooms only if the timeline has been
 * clicked or Ctrl is held (which a pinch on a touch pad also sets), so that it does not trap the page's
 * scrolling.
 */

export interface Movements {
  /** Zooms about a point; above 1 is closer. */
  zoom(factor: number, x: number): void;
  /** Moves by pixels. */
  pan(right: number, down: number): void;
  point(x: number, y: number): void;
  /** A click or a tap, without a movement. */
  press(x: number, y: number): void;
  leave(): void;
  /** The wheel was used, but does nothing yet. */
  wheelIgnored(): void;
}

export function listen(canvas: HTMLCanvasElement, movements: Movements): void {
  const pointers = new Map<number, { x: number; y: number }>();
  let pressed = false;

  canvas.addEventListener(
    "wheel",
    (event) => {
      const sideways = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey;
      if (!event.ctrlKey && !sideways && document.activeElement !== canvas) {
        movements.wheelIgnored();
        return;
      }
      event.preventDefault();
      const pixels = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      if (sideways) movements.pan(-(event.deltaX || event.deltaY) * pixels, 0);
      else {
        const strength = event.ctrlKey && Math.abs(event.deltaY) < 50 ? 0.01 : 0.002;
        movements.zoom(Math.exp(-event.deltaY * pixels * strength), event.offsetX);
      }
    },
    { passive: false },
  );

  canvas.addEventListener("pointerdown", (event) => {
    pressed = pointers.size === 0;
    pointers.set(event.pointerId, { x: event.offsetX, y: event.offsetY });
    canvas.setPointerCapture(event.pointerId);
    canvas.focus({ preventScroll: true });
    movements.point(event.offsetX, event.offsetY);
  });

  canvas.addEventListener("pointermove", (event) => {
    const here = { x: event.offsetX, y: event.offsetY };
    const before = pointers.get(event.pointerId);
    if (before === undefined) {
      movements.point(here.x, here.y);
      return;
    }
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    pointers.set(event.pointerId, here);
    if (other !== undefined) {
      const apart = (point: { x: number; y: number }) => Math.hypot(point.x - other.x, point.y - other.y);
      movements.zoom(apart(here) / Math.max(1, apart(before)), (here.x + other.x) / 2);
      movements.pan((here.x - before.x) / 2, (here.y - before.y) / 2);
    } else if (here.x !== before.x || here.y !== before.y) {
      pressed = false;
      movements.pan(here.x - before.x, here.y - before.y);
    }
  });

  const lift = (event: PointerEvent) => pointers.delete(event.pointerId);
  canvas.addEventListener("pointerup", (event) => {
    lift(event);
    if (pressed) movements.press(event.offsetX, event.offsetY);
    pressed = false;
  });
  canvas.addEventListener("pointercancel", lift);
  // A finger leaves with every tap, but what it tapped should stay.
  canvas.addEventListener("pointerleave", (event) => {
    if (event.pointerType === "mouse") movements.leave();
  });
}
