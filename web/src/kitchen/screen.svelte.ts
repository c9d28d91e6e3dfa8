import { isSet, ServerClock } from "../lib/time.svelte";
import { newKey } from "../lib/key";
import { Live, type LiveOptions } from "../lib/live.svelte";
import { unknownKey } from "../lib/pairing.svelte";
import { recall, remember } from "../lib/storage";
import { urgency } from "./age";
import { Brake } from "./brake.svelte";
import { Board, isHeld, isOpen, type Changed, type News, type Picture } from "./board.svelte";
import { Cleaning } from "./cleaning.svelte";
import { Desk } from "./desk.svelte";
import { Drift } from "./drift.svelte";
import { missed, rushed, since } from "./fields";
import { EightySix } from "./eightysix.svelte";
import { Finder } from "./finder.svelte";
import { Grouping } from "./grouping.svelte";
import { Keyboard } from "./keyboard.svelte";
import { letterOf, type View } from "./letters";
import { Pass } from "./pass.svelte";
import { Prefs } from "./prefs.svelte";
import { Presses, type Press } from "./presses.svelte";
import { Ringing } from "./ringing";
import { Sounds, type Sound } from "./sounds.svelte";
import type { Device, Load, ServerMessage, Ticket } from "./wire";

/** The last picture, with the time when it was taken: this screen's own, and the device's. */
interface Kept {
  at: number;
  told?: number;
  picture: Picture;
}

const remembered = "comanda.kitchen.picture";
const againAfter = 5000;
/** How long a broken line may last before the old tickets are covered, in milliseconds after it was noticed. */
export const coverAfter = 30_000;
/** How long a station with work may have no screen, in milliseconds. */
const desertedAfter = 10_000;
/** The most tickets the device takes in one message. */
const mostSeen = 200;
const soundsOf: Readonly<Record<News, Sound>> = {
  new: "new",
  changed: "changed",
  cancelled: "cancelled",
  waiting: "waiting",
  escalated: "waiting",
};

/** A refusal to be told to the one who pressed. */
export interface Refusal {
  press: Press;
  code: string;
  message: string;
}

/** Screen is one kitchen screen: the line to the device and everything that hangs on it. */
export class Screen {
  readonly clock = new ServerClock();
  readonly board = new Board();
  readonly presses: Presses;
  readonly desk: Desk;
  readonly grouping: Grouping;
  readonly pass: Pass;
  readonly brake: Brake;
  readonly finder: Finder;
  readonly prefs = new Prefs();
  readonly sounds = new Sounds();
  readonly keyboard = new Keyboard();
  readonly cleaning = new Cleaning();
  readonly drift = new Drift();
  readonly eightySix = new EightySix();
  readonly live: Live<ServerMessage>;
  device = $state.raw<Device>();
  /** How the house stands; undefined until the device has told. */
  load = $state.raw<Load>();
  /** A picture of this connection is shown; before that it is an old one or none. */
  fresh = $state(false);
  /** The line has been broken for so long that old tickets must not be mistaken for the kitchen's work. */
  old = $state(false);
  /** The dishes of all tickets are shown instead of the tickets. */
  grouped = $state(false);

  #ringing = new Ringing();
  #staleAt: number | undefined;
  #pictureAt = 0;
  #pictureTold = 0;
  /** The device has not answered at once after the start of the page. */
  #slow = $state(false);
  #late = new Set<string>();
  #seen = new Set<string>();
  #onrefusal: (refusal: Refusal) => void;
  #timer: ReturnType<typeof setInterval> | undefined;
  #again: ReturnType<typeof setTimeout> | undefined;
  #ticks = 0;

  constructor(
    key: string,
    onremoved: () => void,
    onrefusal: (refusal: Refusal) => void,
    socket?: LiveOptions<ServerMessage>["socket"],
  ) {
    this.#onrefusal = onrefusal;
    this.live = new Live<ServerMessage>({
      path: "/api/kitchen/live",
      protocol: "comanda.kitchen.v1",
      clock: this.clock,
      hello: () => this.#hello(key),
      onmessage: (message) => this.#take(message),
      onrefused: (code) => {
        if (unknownKey(code)) return onremoved();
        // The device did not understand something. It must not be the end of the screen: what was on its way is given
        // up, and everything is fetched anew.
        this.presses.giveUp();
        this.board.epoch = "";
        this.#again = setTimeout(() => this.live.start(), againAfter);
      },
      ...(socket && { socket }),
    });
    this.presses = new Presses(
      (press) => this.#send(press),
      newKey,
      "comanda.kitchen.presses",
      () => this.clock.read(),
    );
    this.desk = new Desk(this.board, this.presses);
    this.pass = new Pass(this.board, this.presses, this.desk, this.prefs);
    this.brake = new Brake(this.board, this.presses, this.clock);
    this.finder = new Finder((message) => this.fresh && this.live.send(message), newKey);
    this.board.expo = this.prefs.expo;
    this.grouping = new Grouping(this.desk);
    this.desk.stations = this.prefs.stations;
    this.desk.columns = this.prefs.columns;
    this.desk.now = this.clock.now;
    this.#remembered();
  }

  /** The letter size of the tickets, in pixels. */
  letter = $derived.by(() => letterOf(this.desk.area.width, this.prefs));
  /**
   * Whether what is shown may be wrong. After the start of the page that is so at once with a picture of the last time,
   * and a moment later with none: a device that is there has answered by then.
   */
  stale = $derived.by(() => {
    if (this.live.state === "stale" || this.live.state === "closed") return true;
    return !this.fresh && (this.board.known || this.#slow);
  });
  /**
   * Since when nothing has come, in Unix ms of the device's clock: it is the one that is shown above, and a screen's own
   * may be wrong by hours.
   */
  since = $derived.by(() => {
    if (!this.fresh && this.#pictureAt > 0) return this.#pictureTold;
    return this.live.heard + this.clock.read() - Date.now();
  });

  start(): void {
    this.clock.start();
    this.live.start();
    this.drift.start();
    this.#timer = setInterval(() => this.#tick(), 500);
    addEventListener("pagehide", this.#keep);
  }

  stop(): void {
    clearInterval(this.#timer);
    clearTimeout(this.#again);
    removeEventListener("pagehide", this.#keep);
    this.live.stop();
    this.clock.stop();
    this.drift.stop();
    this.cleaning.stop();
    this.keyboard.stop();
    this.eightySix.stop();
  }

  /** Somebody is at the screen: what rang until now is known. */
  touched(): void {
    if (this.cleaning.left > 0) return;
    this.#ringing.touched();
    void this.sounds.unlock();
  }

  /** Fetches everything anew. */
  redraw(): void {
    this.board.epoch = "";
    this.live.redo();
  }

  /** Shows a station or not; the tickets of one that was not shown before have to be fetched. */
  toggleStation(id: string): void {
    this.prefs.toggle(id);
    this.desk.stations = this.prefs.stations;
    this.redraw();
  }

  /** Makes this screen the pass, where the parts of orders come together, or a station's again. */
  setExpo(expo: boolean): void {
    // The pass sees every station, whichever this screen showed before.
    this.prefs.set({ expo, stations: [] });
    this.desk.stations = [];
    this.board.expo = expo;
    this.grouped = false;
    this.redraw();
  }

  /** The ids of the stations shown here; none is all. */
  shown = $derived.by(() =>
    this.prefs.stations.length > 0 ? this.prefs.stations : (this.device?.stations ?? []),
  );

  /** How many pieces stand on the page that is shown, and what is selected on it. */
  onPage = $derived.by(() => (this.prefs.expo ? this.pass : this.desk).pieces.length);
  chosen = $derived.by(() => {
    if (this.prefs.expo) return this.pass.selected;
    return this.grouped ? this.grouping.selected : this.desk.selected;
  });

  /** Stations of which tickets are on no live screen at all, with their number. */
  abandoned = $derived.by(() =>
    (this.load?.stations ?? []).filter(
      (s) => (s.unseen > 0 || this.#deserted.has(s.id)) && (this.prefs.expo || !this.shows(s.id)),
    ),
  );

  // Stations with work whose last screen went away: their tickets were seen, but nobody sees them now. A screen that is
  // back within seconds alarms nobody.
  #deserted = $state.raw<ReadonlySet<string>>(new Set());
  #aloneSince = new Map<string, number>();
  #watched = new Set<string>();
  #desert(stations: readonly { id: string; screens: number; open: number }[]): void {
    for (const { id, screens, open } of stations) {
      if (screens > 0) this.#watched.add(id);
      if (screens > 0 || open === 0 || !this.#watched.has(id)) this.#aloneSince.delete(id);
      else if (!this.#aloneSince.has(id)) this.#aloneSince.set(id, performance.now());
    }
    this.#lookAround();
  }
  #lookAround(): void {
    const alone = [...this.#aloneSince].filter(([, since]) => performance.now() - since >= desertedAfter);
    const ids = alone.map(([id]) => id);
    if (ids.length !== this.#deserted.size || ids.some((id) => !this.#deserted.has(id)))
      this.#deserted = new Set(ids);
  }

  /** Whether tickets of the station stand on this screen. */
  shows(station: string): boolean {
    return this.shown.length === 0 || this.shown.includes(station);
  }

  /** Takes on a station whose own screens are gone. */
  takeOn(station: string): void {
    if (this.shows(station)) return;
    this.prefs.set({ stations: [...this.shown, station] });
    this.desk.stations = this.prefs.stations;
    this.redraw();
  }

  /** Somebody at the pass tells the station: its tickets count as seen, and the alarm ends. */
  vouch(station: string): void {
    const ids = this.board.open.filter((t) => t.station === station && missed(t)).map((t) => t.id);
    if (ids.length > 0) this.live.send({ type: "seen", tickets: ids.slice(0, mostSeen) });
    this.#watched.delete(station);
    this.#aloneSince.delete(station);
    this.#lookAround();
  }

  resize(by: number): void {
    this.prefs.resize(by);
    this.desk.columns = this.prefs.columns;
  }

  /** Sets columns and letters for a screen of that size seen from that distance. */
  fit(view: View): void {
    this.prefs.fit(view);
    this.desk.columns = this.prefs.columns;
  }

  /** Notes that tickets have really been on the screen. */
  saw(ids: readonly string[]): void {
    // At the pass nobody cooks: what only stands there has not been seen by its station.
    if (this.prefs.expo || this.live.state !== "open" || !this.fresh) return;
    const news = [...new Set(ids)].filter(
      (id) => !this.#seen.has(this.#firing(id)) && !isSet(this.board.ticket(id)?.seen),
    );
    const unseen = news.slice(0, mostSeen);
    if (unseen.length > 0 && this.live.send({ type: "seen", tickets: unseen })) {
      for (const id of unseen) this.#seen.add(this.#firing(id));
    }
  }

  // A ticket that was held and fired again has to be seen again.
  #firing(id: string): string {
    return `${id} ${this.board.ticket(id)?.fired ?? ""}`;
  }

  #hello(key: string): object {
    const resume = this.fresh && this.board.epoch !== "";
    return {
      type: "hello",
      token: key,
      ...(this.prefs.stations.length > 0 && { stations: this.prefs.stations }),
      ...(this.prefs.expo && { expo: true }),
      ...(resume && { since: this.board.seq, epoch: this.board.epoch }),
    };
  }

  #take(message: ServerMessage): void {
    switch (message.type) {
      case "snapshot":
        this.device = message.device;
        this.#picture(this.board.snapshot(message));
        break;
      case "changes":
        this.#picture(this.board.change(message));
        break;
      case "change":
        this.#changed(message);
        break;
      case "menu":
        this.board.menu(message);
        break;
      case "load":
        this.load = message;
        this.board.endOfDay(message.day_ends);
        this.#desert(message.stations);
        break;
      case "found":
        this.finder.found(message);
        break;
      case "done":
        this.presses.done(message.key, message.seq, performance.now());
        break;
      case "refused":
        this.#refused(message.key, message.code, message.message);
    }
    this.presses.settle(this.board.seq, performance.now());
  }

  #picture(news: News[]): void {
    this.fresh = true;
    this.#seen.clear();
    this.#heard(news);
    this.presses.resend();
  }

  #refused(key: string, code: string, text: string): void {
    if (this.finder.refused(key)) return;
    const press = this.presses.pending.find((p) => p.key === key);
    this.presses.refused(key, code);
    // A device that cannot write is told of even though the press is sent again by itself.
    if (press && code !== "too_often") this.#onrefusal({ press, code, message: text });
  }

  #changed(message: Changed): void {
    const fresh = (message.tickets ?? []).filter((t) => isFresh(t, this.board.ticket(t.id)));
    const rushes = (message.tickets ?? []).some((t) => isRush(t, this.board.ticket(t.id)));
    this.#heard(this.board.change(message));
    if (fresh.length > 0) {
      this.#ringing.came(
        fresh.map((t) => t.id),
        performance.now(),
      );
    }
    if (rushes) this.sounds.play("rush");
  }

  #heard(news: News[]): void {
    for (const sound of new Set(news.map((n) => soundsOf[n]))) this.sounds.play(sound);
  }

  #send(press: Press): boolean {
    if (this.live.state !== "open" || !this.fresh) return false;
    const { answered: _answered, at: _at, ...message } = press;
    return this.live.send(message);
  }

  #tick(): void {
    this.#ticks++;
    this.#slow = this.#ticks >= 2;
    this.desk.tick(performance.now());
    this.desk.now = this.clock.read();
    this.pass.tick(performance.now());
    this.#cover();
    this.presses.settle(this.board.seq, performance.now());
    this.#listen();
    if (this.#ticks % 10 === 0) {
      if (this.live.state === "open") this.presses.resend();
      this.#keep();
    }
  }

  #listen(): void {
    const late = this.desk.all.filter((t) => {
      const age = (this.clock.read() - Date.parse(since(t))) / 1000;
      return (
        t.kind === "food" &&
        !this.desk.lingers(t.id) &&
        urgency(age, this.board.station(t.station), t.dining) === "late"
      );
    });
    if (late.some((t) => !this.#late.has(t.id)) && this.#ticks > 2) this.sounds.play("late");
    this.#late = new Set(late.map((t) => t.id));
    if (!this.stale) this.#ringAgain();
    // What nobody has done anything about is said again: a lost connection and orders that wait too long.
    if (this.stale && this.#ticks % 20 === 0) this.sounds.play("offline");
    else if (this.#ticks % 20 === 0 && this.board.waiting.some((o) => isSet(o.escalated))) {
      this.sounds.play("waiting");
    }
  }

  #ringAgain(): void {
    const now = performance.now();
    this.#lookAround();
    const again = this.#ringing.again(this.desk.all, now) && this.prefs.ringing && !this.prefs.expo;
    if (again) this.sounds.play("new");
    // At the pass only what the device has noticed: it shows tickets that it says nothing about having seen.
    const own = this.prefs.expo ? [] : this.desk.all;
    if (this.#ringing.abandoned(this.abandoned.length > 0, now)) this.sounds.play("unseen");
    else if (this.#ringing.unseen(own, this.clock.read(), now)) this.sounds.play("unseen");
    if (this.prefs.expo && this.pass.news()) this.sounds.play("ready");
  }

  #cover(): void {
    if (!this.stale) this.#staleAt = undefined;
    else this.#staleAt ??= performance.now() - (this.fresh ? 0 : this.#age());
    this.old = this.#staleAt !== undefined && performance.now() - this.#staleAt >= coverAfter;
  }

  // How old the picture of the last time was when the page began. A wall clock that went back says nothing about it.
  #age(): number {
    return this.#pictureAt > 0 ? Math.max(0, Date.now() - this.#pictureAt) : 0;
  }

  #remembered(): void {
    const kept = recall<Kept>(remembered);
    if (!kept?.picture) return;
    try {
      this.board.snapshot(kept.picture);
      this.#pictureAt = kept.at;
      this.#pictureTold = kept.told ?? kept.at;
    } catch {
      // A picture an older version of this page has kept: the device sends a new one anyway.
    }
  }

  #keep = () => {
    const picture = this.board.picture();
    if (this.fresh && picture)
      remember(remembered, { at: this.live.heard, told: this.since, picture } satisfies Kept);
  };
}

/** Whether a ticket has just come to the kitchen: it was made, or it was held and is fired now. */
function isFresh(now: Ticket, was: Ticket | undefined): boolean {
  return now.kind === "food" && isOpen(now) && (!was || isHeld(was));
}

function isRush(now: Ticket, was: Ticket | undefined): boolean {
  return isOpen(now) && rushed(now) && !(was && rushed(was));
}
