/** Names of tables read from one line of text, and what in it could not be used. */
export interface Names {
  names: string[];
  /** Names that are there twice, or already in the house. */
  repeated: string[];
  problem: "empty" | "range" | "too-many" | "too-long" | undefined;
}

export const mostTables = 200;
const longestName = 40;

/**
 * Reads "1-20, 30, Bar 1" as the names 1 to 20, 30 and Bar 1. Before a range may stand what all its names begin
 * with: "Terrace 1-4", "A01-A12". A hyphen between words is part of the name: "Room-Service".
 */
export function namesOf(text: string, taken: readonly string[] = []): Names {
  const names: string[] = [];
  const repeated: string[] = [];
  const known = new Set(taken.map(plain));
  for (const piece of text.split(/[,;\n]/).map((p) => p.trim().replace(/\s+/g, " "))) {
    if (piece === "") continue;
    const list = range(piece);
    if (list === undefined) return { names: [], repeated, problem: "range" };
    for (const name of list) {
      if (known.has(plain(name))) repeated.push(name);
      else names.push(name);
      known.add(plain(name));
    }
    if (names.length + repeated.length > mostTables) return { names: [], repeated, problem: "too-many" };
  }
  if (names.some((n) => [...n].length > longestName)) return { names: [], repeated, problem: "too-long" };
  return { names, repeated, problem: names.length === 0 ? "empty" : undefined };
}

function plain(name: string): string {
  return name.toLocaleLowerCase();
}

/** The names a piece stands for; undefined for a range that runs backwards or is far too long. */
function range(piece: string): string[] | undefined {
  const found = /^(.*?)(\d+)\s*[-–—]\s*(.*?)(\d+)$/.exec(piece);
  if (!found) return [piece];
  const [, before = "", first = "", again = "", last = ""] = found;
  // "A1-A5" repeats what stands in front; "B12-C3" is just a name.
  if (again !== "" && again.trim() !== before.trim()) return [piece];
  const [from, to] = [Number(first), Number(last)];
  if (to < from || to - from >= mostTables) return undefined;
  const width = first.startsWith("0") ? first.length : 0;
  return Array.from({ length: to - from + 1 }, (_, i) => before + String(from + i).padStart(width, "0"));
}
