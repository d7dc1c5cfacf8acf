export function loadedWith(file: string): ReadonlySet<string>;
