import { digits } from "../lib/money";

/** How people of a language separate thousands and fractions. */
function separators(language: string): { group: string; decimal: string } {
  const parts = new Intl.NumberFormat(language, { useGrouping: "always" }).formatToParts(1234567.8);
  const part = (type: string) => parts.find((p) => p.type === type)?.value ?? "";
  return { group: part("group"), decimal: part("decimal") };
}

/**
 * Reads an amount as people type it ("12,50", "12.5", "1.234,56 €") into minor units of the currency; undefined when
 * it is not one, is negative, or has more digits than the currency.
 */
export function amountOf(text: string, currency: string, language: string): number | undefined {
  const bare = text.replace(/[\s\u00a0\u202f'’]/g, "").replace(/^[^\d.,]+|[^\d.,]+$/g, "");
  if (!/^\d[\d.,]*$|^[.,]\d+$/.test(bare) || /-/.test(text)) return undefined;
  const most = digits(currency);
  const mark = decimalMark(bare, most, language);
  const [whole = "", fraction = "", ...rest] = mark === "" ? [bare] : bare.split(mark);
  if (rest.length > 0 || fraction.length > most || !grouped(whole) || /[.,]/.test(fraction)) return undefined;
  const minor = Number(whole.replace(/[.,]/g, "") + fraction.padEnd(most, "0"));
  return Number.isSafeInteger(minor) ? minor : undefined;
}

/** Which of point and comma separates the fraction, "" when neither does. */
function decimalMark(bare: string, most: number, language: string): string {
  const last = Math.max(bare.lastIndexOf("."), bare.lastIndexOf(","));
  if (last < 0) return "";
  const mark = bare[last]!;
  const other = mark === "." ? "," : ".";
  const after = bare.length - last - 1;
  // Both are there: the last one. Twice the same: thousands.
  if (bare.includes(other)) return mark;
  if (bare.indexOf(mark) !== last) return "";
  const { group, decimal } = separators(language);
  if (mark === decimal) return most > 0 ? mark : after === 3 ? "" : mark;
  // "1.234" is a thousand where the point groups thousands; "12.5" never is.
  return mark === group && after === 3 ? "" : mark;
}

function grouped(whole: string): boolean {
  return /^\d*$/.test(whole) || /^\d{1,3}([.,]\d{3})+$/.test(whole);
}

/** An amount as it stands in an input: with the language's mark and no currency. */
export function editable(minor: number, currency: string, language: string): string {
  const most = digits(currency);
  return new Intl.NumberFormat(language, {
    minimumFractionDigits: most,
    maximumFractionDigits: most,
    useGrouping: false,
  }).format(minor / 10 ** most);
}
