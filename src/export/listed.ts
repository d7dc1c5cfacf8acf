/** "one, two and three" */
export function listed(parts: readonly string[]): string {
  return new Intl.ListFormat("en-GB").format(parts);
}
