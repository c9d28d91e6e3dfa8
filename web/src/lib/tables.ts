/** Whether a table's name wants the word "table" before it: "7" does, "Bar 2" or "Terrace" does not. */
export function isNumber(name: string): boolean {
  return /^#?\d+\p{L}?$/u.test(name.trim());
}
