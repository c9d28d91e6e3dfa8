import type { Page, Route } from "@playwright/test";
import type { components } from "../../api";

type Schemas = components["schemas"];
export type View = Schemas["GuestView"];
export type Order = Schemas["GuestOrder"];
type Item = Schemas["Item"];

const both = (en: string, de: string) => ({ en, de });

const dish = (id: string, en: string, de: string, price: number, more: Partial<Item> = {}): Item => ({
  id,
  name: both(en, de),
  price,
  allergens_known: true,
  ...more,
});

/** A small trattoria with everything a menu can have: sizes, groups, free extras, hours, ages, unknown allergens. */
export function menu(): Schemas["GuestMenu"] {
  return {
    menu: {
      version: 3,
      published: "2026-11-20T10:00:00.000Z",
      currency: "EUR",
      languages: ["de", "en"],
      stations: [{ id: "kitchen", name: both("Kitchen", "Küche"), warn_after: 600, late_after: 900 }],
      taxes: [{ id: "food", name: both("Food", "Speisen"), eat_in: "19" }],
      modifier_groups: [
        {
          id: "doneness",
          name: both("How would you like it?", "Wie möchten Sie es?"),
          min: 1,
          max: 1,
          modifiers: [
            { id: "rare", name: both("Rare", "Blutig"), price: 0 },
            { id: "medium", name: both("Medium", "Rosa"), price: 0 },
            { id: "well", name: both("Well done", "Durch"), price: 0 },
          ],
        },
        {
          id: "sides",
          name: both("Sides", "Beilagen"),
          min: 0,
          max: 3,
          free: 1,
          repeat: true,
          modifiers: [
            { id: "fries", name: both("Fries", "Pommes frites"), price: 350 },
            { id: "salad", name: both("Side salad", "Beilagensalat"), price: 420, allergens: ["mustard"] },
            {
              id: "truffle",
              name: both("Truffle mayonnaise", "Trüffelmayonnaise"),
              price: 150,
              allergens: ["eggs"],
            },
          ],
        },
        {
          id: "without",
          name: both("Leave out", "Weglassen"),
          min: 0,
          max: 2,
          modifiers: [
            { id: "onion", name: both("onion", "Zwiebel"), price: 0, removal: true },
            { id: "garlic", name: both("garlic", "Knoblauch"), price: 0, removal: true },
          ],
        },
      ],
      categories: [
        {
          id: "starters",
          name: both("Starters", "Vorspeisen"),
          items: [
            dish("bruschetta", "Bruschetta", "Bruschetta", 690, {
              description: both("Grilled bread, tomatoes, basil", "Geröstetes Brot, Tomaten, Basilikum"),
              diet: ["vegan"],
              allergens: ["gluten"],
            }),
            dish("burrata", "Burrata", "Burrata", 1290, {
              description: both(
                "Creamy burrata from Apulia with peach, basil oil and roasted pistachios",
                "Cremige Burrata aus Apulien mit Pfirsich, Basilikumöl und gerösteten Pistazien",
              ),
              diet: ["vegetarian"],
              allergens: ["milk", "nuts"],
            }),
            dish("soup", "Soup of the day", "Tagessuppe", 750, { allergens_known: false }),
          ],
        },
        {
          id: "mains",
          name: both("Mains", "Hauptgerichte"),
          course: 2,
          items: [
            dish("steak", "Rib-eye steak", "Rib-Eye-Steak", 2890, {
              description: both("300 g, dry aged, herb butter", "300 g, trocken gereift, Kräuterbutter"),
              modifier_groups: ["doneness", "sides", "without"],
              allergens: ["milk"],
              may_contain: ["mustard"],
            }),
            dish("risotto", "Saffron risotto", "Safranrisotto", 1690, {
              diet: ["vegetarian"],
              allergens: ["milk", "celery"],
            }),
            dish("dorade", "Gilthead bream", "Dorade vom Grill", 2350, { allergens: ["fish"] }),
          ],
        },
        {
          id: "desserts",
          name: both("Desserts", "Desserts"),
          items: [
            dish("tiramisu", "Tiramisù", "Tiramisù", 790, {
              diet: ["vegetarian"],
              allergens: ["eggs", "milk", "gluten"],
            }),
            dish("sorbet", "Lemon sorbet", "Zitronensorbet", 540, { diet: ["vegan"] }),
          ],
        },
        {
          id: "lunch",
          name: both("Lunch", "Mittagstisch"),
          hours: [{ from: "11:30", to: "14:00" }],
          items: [dish("plate", "Plate of the day", "Tagesteller", 1150)],
        },
        {
          id: "drinks",
          name: both("Drinks", "Getränke"),
          items: [
            dish("water", "Mineral water", "Mineralwasser", 0, {
              variants: [
                { id: "small", name: both("0.25 l", "0,25 l"), price: 290 },
                { id: "large", name: both("0.75 l", "0,75 l"), price: 640 },
              ],
            }),
            dish("beer", "Draught beer", "Bier vom Fass", 450, { min_age: 16, allergens: ["gluten"] }),
            dish("espresso", "Espresso", "Espresso", 260),
          ],
        },
      ],
    },
    stock: [
      { key: "dorade", sold_out: true },
      { key: "tiramisu", sold_out: false, left: 3 },
    ],
    closed: ["lunch"],
  };
}

export function view(change: Partial<View> = {}): View {
  return {
    now: "2026-11-20T18:00:00.000Z",
    venue: { name: "Trattoria Lucia", currency: "EUR", languages: ["de", "en"] },
    table: { id: "t7", name: "7", kind: "table" },
    session: {
      id: "s1",
      state: "open",
      opened: "2026-11-20T17:50:00.000Z",
      rounds: 0,
      locked: false,
      help: [],
    },
    guest: { id: "g1", number: 1, language: "en", presence: "recent", fresh: true },
    permission: "straight_to_kitchen",
    orders: [],
    bill: { totals: { currency: "EUR", gross: 0, tax: 0, rates: [] }, paid: 0, due: 0 },
    links: [],
    menu_version: 3,
    pace: { channel: "web", state: "open" },
    ...change,
  };
}

export function order(id: string, state: Order["state"], change: Partial<Order> = {}): Order {
  const totals = {
    currency: "EUR",
    gross: 3580,
    tax: 572,
    rates: [{ rate: "19", net: 3008, tax: 572, gross: 3580 }],
  };
  return {
    id,
    number: "12",
    round: 1,
    mine: true,
    guest_number: 1,
    state,
    placed: "2026-11-20T17:55:00.000Z",
    totals,
    lines: [
      {
        item: "steak",
        name: "Rib-eye steak",
        quantity: 1,
        unit: 2890,
        gross: 2890,
        modifiers: [
          { name: "Medium", quantity: 1, price: 0 },
          { name: "onion", quantity: 1, price: 0, removal: true },
        ],
      },
      {
        item: "bruschetta",
        name: "Bruschetta",
        quantity: 1,
        unit: 690,
        gross: 690,
        note: "with extra basil",
      },
    ],
    ...change,
  };
}

type Answer = { status?: number; body?: unknown } | "cut";

/** Plays the device for one page: answers requests and holds the live line. */
export class Device {
  view = view();
  menu = menu();
  /** What POST /api/guest/orders answers, one after the other; then every order is taken. */
  orders: Answer[] = [];
  /** Bodies of the orders that came, in order. */
  received: Schemas["OrderBody"][] = [];
  /** Receipts by key: what the device has really taken. */
  taken = new Map<string, Schemas["Receipt"]>();
  seat: Answer | undefined;
  asked: string[] = [];
  /** What POST /api/guest/quote answers. */
  quote: Schemas["GuestQuote"] = { from_seconds: 900, to_seconds: 1500 };
  /** Orders whose next course was called. */
  called: string[] = [];
  /** The live line stays open and says nothing more. */
  silent = false;
  #send: ((message: object) => void) | undefined;

  async attach(page: Page): Promise<void> {
    await page.routeWebSocket("**/api/guest/live", (socket) => {
      this.#send = (message) => {
        if (!this.silent) socket.send(JSON.stringify(message));
      };
      socket.onMessage(() => this.tell());
      const ticks = setInterval(() => this.#send?.({ type: "tick", now: this.view.now, seq: 1 }), 2000);
      socket.onClose(() => clearInterval(ticks));
    });
    await page.route("**/api/guest/**", (route) => this.#answer(route));
  }

  /** Sends the table as it is now over the live line. */
  tell(): void {
    this.#send?.({ type: "view", seq: 1, view: this.view });
  }

  async #answer(route: Route): Promise<void> {
    const request = route.request();
    const path = new URL(request.url()).pathname.replace("/api/guest/", "");
    const reply = (answer: Answer) => {
      if (answer === "cut") return route.abort("connectionreset");
      const { status = 200, body } = answer;
      const contentType = status < 400 ? "application/json" : "application/problem+json";
      return route.fulfill({ status, contentType, body: body === undefined ? "" : JSON.stringify(body) });
    };
    if (path === "seat") return reply(this.seat ?? { body: { guest_key: "k".repeat(43), view: this.view } });
    if (path === "view") return reply({ body: this.view });
    if (path === "menu") return reply({ body: this.menu });
    if (path === "language") return reply({ status: 204 });
    if (path === "help") {
      this.asked.push(request.postDataJSON().what);
      this.view.session.help.push(request.postDataJSON().what);
      return reply({ status: 204 });
    }
    if (path === "quote") return reply({ body: this.quote });
    if (path.endsWith("/next-course")) {
      this.called.push(path.split("/")[1]!);
      return reply({ status: 204 });
    }
    if (path.startsWith("orders/by-key/")) {
      const receipt = this.taken.get(path.slice("orders/by-key/".length));
      return reply(receipt ? { body: receipt } : { status: 404, body: { code: "key_unknown", detail: "" } });
    }
    if (path === "orders") return this.#order(request.postDataJSON(), reply);
    return reply({ status: 404, body: { code: "not_found", detail: path } });
  }

  async #order(body: Schemas["OrderBody"], reply: (answer: Answer) => Promise<void>): Promise<void> {
    this.received.push(body);
    const planned = this.orders.shift();
    if (planned && planned !== "cut") return reply(planned);
    const receipt: Schemas["Receipt"] = {
      order: "o1",
      number: "12",
      round: 1,
      state: this.view.permission === "first_order_waits" ? "received" : "accepted",
      placed: this.view.now,
      totals: { currency: "EUR", gross: 3580, tax: 572 },
    };
    this.taken.set(body.key, this.taken.get(body.key) ?? receipt);
    this.view = { ...this.view, orders: [order("o1", receipt.state)] };
    return planned === "cut" ? reply("cut") : reply({ status: 201, body: receipt });
  }
}
