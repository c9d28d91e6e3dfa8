import type { components } from "../api";

type Schemas = components["schemas"];

export type Station = Schemas["Station"];
export type Ticket = Schemas["Ticket"];
export type TicketItem = Schemas["TicketItem"];
export type TicketModifier = Schemas["TicketModifier"];
export type KitchenOrder = Schemas["KitchenOrder"];
export type KitchenItem = Schemas["KitchenItem"];
export type Stock = Schemas["Stock"];
export type Venue = Schemas["KitchenVenue"];
export type Pace = Schemas["Pace"];
export type Load = Schemas["KitchenLoad"];
export type StationLoad = Schemas["StationLoad"];
export type Quote = Schemas["GuestQuote"];
export type Found = Schemas["KitchenFound"];
export type Device = Schemas["Device"];
export type Snapshot = Schemas["KitchenSnapshot"];
export type Menu = Schemas["KitchenMenu"];
export type ServerMessage = Schemas["KitchenServerMessage"];
