import type { components } from "../api";

// Short names for the shapes that the device's description generates; nothing is written down twice.
type Schemas = components["schemas"];

/** One text in several languages: BCP 47 tag → text. */
export type Texts = Record<string, string>;

export type Category = Schemas["Category"];
export type Difference = Schemas["Difference"];
export type GuestMenu = Schemas["GuestMenu"];
export type GuestLine = Schemas["GuestLine"];
export type GuestQuote = Schemas["GuestQuote"];
export type GuestOrder = Schemas["GuestOrder"];
export type GuestStockMessage = Schemas["GuestStockMessage"];
export type GuestView = Schemas["GuestView"];
export type GuestViewMessage = Schemas["GuestViewMessage"];
export type HelpKind = Schemas["HelpBody"]["what"];
export type Item = Schemas["Item"];
export type Link = Schemas["Link"];
export type Menu = Schemas["Menu"];
export type Modifier = Schemas["Modifier"];
export type ModifierGroup = Schemas["ModifierGroup"];
export type OrderBody = Schemas["OrderBody"];
export type OrderLine = OrderBody["lines"][number];
export type OrderReceipt = Schemas["Receipt"];
export type SeatAnswer = Schemas["SeatAnswer"];
export type Stock = Schemas["Stock"];
export type Window = Schemas["Window"];

/** One of the fourteen allergens of Annex II, Regulation (EU) 1169/2011. */
export type Allergen = NonNullable<Item["allergens"]>[number];
