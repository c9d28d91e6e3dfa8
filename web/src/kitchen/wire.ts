// TEMP types until api.d.ts exists
export interface Words { [language: string]: string }
export interface Station { id: string; name: Words; warn_after: number; late_after: number }
export interface TicketModifier { name: string; quantity: number; removal?: boolean }
export interface TicketItem { line: number; name: string; variant?: string; quantity: number; done: number; cancelled?: number; course?: number; modifiers?: TicketModifier[]; note?: string; also_at?: string[] }
export interface Ticket { id: string; kind: "food"|"cancellation"; of?: string; order: string; session: string; station: string; business_day: string; number: string; table: string; round: number; channel: string; dining: "eat_in"|"take_away"; state: "new"|"started"|"done"|"served"|"voided"; items: TicketItem[]; note?: string; allergies?: string[]; allergy_note?: string; also_at?: string[]; created: string; seen?: string; started?: string; done?: string; served?: string; recalled?: number }
export interface KitchenOrder { id: string; number: string; table: string; round: number; state: string; dining: "eat_in"|"take_away"; channel: string; placed: string; escalated?: string; ready?: string; presence: string; lines: { quantity: number; name: string }[]; tickets: string[]; waiting: number }
export interface Stock { key: string; sold_out: boolean; left?: number; until?: string }
export interface KitchenItem { id: string; name: string; category: string; variants?: { id: string; name: string }[] }
export interface Snapshot { type: "snapshot"|"changes"; from?: number; seq: number; now: string; venue?: { name: string; language: string; currency: string }; device?: unknown; stations?: Station[]; tickets?: Ticket[]; done?: Ticket[]; orders?: KitchenOrder[]; stock?: Stock[]; items?: KitchenItem[] }
export type Venue = NonNullable<Snapshot["venue"]>;
