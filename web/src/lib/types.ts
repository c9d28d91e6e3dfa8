/** The shapes of the API this screen code names; to be read off the generated types. */
export type Texts = Record<string, string>;
export interface Difference {
  line: number;
  kind: "price_changed" | "sold_out" | "few_left" | "gone" | "options_changed" | "not_now";
  item: string;
  name?: Texts;
  was?: number;
  now?: number;
  left?: number;
}
