const formats = new Map<string, Intl.NumberFormat>();

function format(currency: string, language: string): Intl.NumberFormat {
  const name = `${language} ${currency}`;
  let found = formats.get(name);
  if (!found) {
    found = new Intl.NumberFormat(language, { style: "currency", currency });
    formats.set(name, found);
  }
  return found;
}

/** How many digits the currency has after its point: 2 for EUR, 0 for JPY, 3 for KWD. */
export function digits(currency: string): number {
  return format(currency, "en").resolvedOptions().maximumFractionDigits ?? 2;
}

/** An amount in minor units as people of the language write it: 1290, EUR, de → "12,90 €". */
export function money(minor: number, currency: string, language: string): string {
  return format(currency, language).format(minor / 10 ** digits(currency));
}

/** Like money, with a plus in front of what is added. */
export function surcharge(minor: number, currency: string, language: string): string {
  return minor > 0 ? `+${money(minor, currency, language)}` : money(minor, currency, language);
}

/** A tax rate such as "8.875" as people of the language write it: "8,875 %". */
export function percent(rate: string, language: string): string {
  return new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 6 }).format(
    Number(rate) / 100,
  );
}
