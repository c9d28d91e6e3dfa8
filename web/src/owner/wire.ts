import type { components } from "../api";

type Schemas = components["schemas"];

export type State = Schemas["OwnerState"];
export type Part = Schemas["Part"];
export type Floor = Schemas["OwnerFloor"];
export type FloorSession = Schemas["FloorSession"];
export type Order = Schemas["Order"];
export type Line = Schemas["Line"];
export type Bill = Schemas["Bill"];
export type Tables = Schemas["OwnerTables"];
export type Place = Schemas["OwnerTable"];
export type Table = Schemas["Table"];
export type NewTable = Schemas["NewTable"];
export type Menu = Schemas["Menu"];
export type MenuCheck = Schemas["MenuCheck"];
export type MenuPublished = Schemas["MenuPublished"];
export type StockList = Schemas["StockList"];
export type Stock = Schemas["Stock"];
export type Devices = Schemas["Devices"];
export type Device = Schemas["Device"];
export type PairingAnswer = Schemas["PairingAnswer"];
export type Changed = Schemas["OwnerChanged"];
export type ServerMessage = Schemas["OwnerServerMessage"];
export type HelpKind = Schemas["Help"]["what"];
