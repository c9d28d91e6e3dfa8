// TEMP: to be aliases of ../api.d.ts
export interface Texts {
  [language: string]: string;
}
export interface Station {
  id: string;
  name: Texts;
  warn_after: number;
  late_after: number;
}
export interface TicketModifier {
  name: string;
  quantity: number;
  removal?: boolean;
}
export interface TicketItem {
  line: number;
  name: string;
  variant?: string;
  quantity: number;
  done: number;
  bumped?: number;
  cancelled?: number;
  course?: number;
  modifiers?: TicketModifier[];
  note?: string;
  also_at?: string[];
}
export interface Ticket {
  id: string;
  kind: "food" | "cancellation";
  of?: string;
  order: string;
  session: string;
  station: string;
  business_day: string;
  number: string;
  table: string;
  round: number;
  channel: string;
  dining: "eat_in" | "take_away";
  state: "new" | "started" | "done" | "served" | "voided";
  items: TicketItem[];
  note?: string;
  allergies?: string[];
  allergy_note?: string;
  also_at?: string[];
  created: string;
  seen?: string;
  started?: string;
  done?: string;
  served?: string;
  recalled?: number;
}
export interface KitchenOrder {
  id: string;
  number: string;
  table: string;
  round: number;
  state: string;
  dining: "eat_in" | "take_away";
  channel: string;
  placed: string;
  escalated?: string;
  ready?: string;
  presence: string;
  note?: string;
  allergies?: string[];
  lines: { quantity: number; name: string }[];
  tickets: string[];
  waiting: number;
}
export interface Stock {
  key: string;
  sold_out: boolean;
  left?: number;
  until?: string;
}
export interface KitchenItem {
  id: string;
  name: string;
  category: string;
  variants?: { id: string; name: string }[];
}
export interface Venue {
  name: string;
  language: string;
  currency: string;
}
export interface Device {
  id: string;
  name: string;
  role: "kitchen" | "display" | "owner";
  stations?: string[];
  table_id?: string;
  paired: string;
  removed?: boolean;
}
export interface Snapshot {
  type: "snapshot";
  seq: number;
  epoch: string;
  now: string;
  venue: Venue;
  device: Device;
  stations: Station[];
  tickets: Ticket[];
  done: Ticket[];
  orders: KitchenOrder[];
  stock: Stock[];
  items: KitchenItem[];
}
export interface Changes {
  type: "changes";
  from: number;
  seq: number;
  epoch: string;
  now: string;
  tickets: Ticket[];
  orders: KitchenOrder[];
  stock: Stock[];
  menu?: boolean;
}
export interface Change {
  type: "change";
  seq: number;
  now: string;
  tickets?: Ticket[];
  orders?: KitchenOrder[];
  stock?: Stock[];
  menu?: boolean;
}
export interface Menu {
  type: "menu";
  seq: number;
  stations: Station[];
  items: KitchenItem[];
}
export interface Done {
  type: "done";
  key: string;
  seq: number;
}
export interface Refused {
  type: "refused";
  key: string;
  code: string;
  message: string;
}
export type ServerMessage = Snapshot | Changes | Change | Menu | Done | Refused;
