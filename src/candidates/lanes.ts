/** Acts on each in turn, with this many in parallel: all lanes take from the same iterator. */
export async function inLanes<T>(
  lanes: number,
  all: IterableIterator<T>,
  act: (one: T) => Promise<void>,
): Promise<void> {
  const lane = async () => {
    for (const one of all) await act(one);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}
