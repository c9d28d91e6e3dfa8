import { isSet } from "../lib/time.svelte";
import { inWords } from "../lib/words.svelte";
import type { Kitchen, Order, Pace, StationLoad, StationTimes } from "./wire";

/** The pace of every channel together. */
export const allChannels = "all";

/** How much a station wants somebody to look: nobody sees its tickets, something is late, or all is well. */
export type Alarm = "unseen" | "blind" | "late" | "none";

/** A station as it stands, under the name the menu gives it. */
export interface Post extends StationLoad {
  name: string;
  alarm: Alarm;
}

/** The stations in the menu's order, those that are no longer on it but have tickets at the end. */
export function postsOf(kitchen: Kitchen): Post[] {
  const order = new Map(kitchen.stations.map((s, i) => [s.id, i]));
  return kitchen.load.stations
    .map((load) => ({ ...load, name: stationName(kitchen, load.id), alarm: alarmOf(load) }))
    .sort(
      (a, b) => (order.get(a.id) ?? Infinity) - (order.get(b.id) ?? Infinity) || a.id.localeCompare(b.id),
    );
}

function alarmOf(load: StationLoad): Alarm {
  if (load.unseen > 0) return "unseen";
  if (load.screens === 0 && load.open > 0) return "blind";
  return load.late > 0 ? "late" : "none";
}

/** The stations that finished something, in the menu's order. */
export function timesOf(kitchen: Kitchen): StationTimes[] {
  const place = (id: string) => kitchen.stations.findIndex((s) => s.id === id) + 1 || Infinity;
  return [...kitchen.times].sort((a, b) => place(a.station) - place(b.station));
}

/** What the menu calls a station; its id when it is not on the menu any more. */
export function stationName(kitchen: Kitchen, id: string): string {
  return inWords(kitchen.stations.find((s) => s.id === id)?.name) || id;
}

/** Stations with tickets that no screen shows. */
export function unseenAt(kitchen: Kitchen | undefined): Post[] {
  return kitchen ? postsOf(kitchen).filter((post) => post.alarm === "unseen") : [];
}

/** A channel's brake at an instant; `all` says that it is the one of all channels together. */
export interface Brake {
  channel: string;
  state: Pace["state"];
  delay: number;
  until?: string;
  all: boolean;
}

/** The brakes: all channels together first, then each channel, as they work at an instant (Unix ms). */
export function brakesOf(kitchen: Kitchen, now: number): Brake[] {
  const brake = (channel: string): Brake => {
    const pace = kitchen.paces.find((p) => p.channel === channel);
    const over = !pace || (isSet(pace.until) && now >= Date.parse(pace.until));
    if (over || pace.state === "open") return { channel, state: "open", delay: 0, all: false };
    const until = isSet(pace.until) ? { until: pace.until } : {};
    return { channel, state: pace.state, delay: pace.delay_seconds ?? 0, all: false, ...until };
  };
  const all = brake(allChannels);
  const each = kitchen.channels.map((channel) => {
    const own = brake(channel);
    return stricter(all, own) ? { ...all, channel, all: true } : own;
  });
  return [all, ...each];
}

/** Whether a counts more than b: a pause before a delay, a longer delay before a shorter one. */
function stricter(a: Brake, b: Brake): boolean {
  const rank = (x: Brake) => ["open", "slow", "paused"].indexOf(x.state);
  return rank(a) > rank(b) || (a.state === "slow" && b.state === "slow" && a.delay > b.delay);
}

/** How many of a station's tickets were late, in whole per cent; never 0 when one was. */
export function latePercent(times: { tickets: number; late: number }): string {
  if (times.tickets === 0 || times.late === 0) return "0";
  return String(Math.max(1, Math.round((times.late / times.tickets) * 100)));
}

/** A bar of the chart of an hour, with heights from 0 to 1. */
export interface Bar {
  hour: string;
  tickets: number;
  p50: number;
  p90: number;
  late: number;
  half: number;
  most: number;
}

/** The hours of a station as bars, hours in between without a ticket included; `limit` is the age for late, 0 for none. */
export function barsOf(times: StationTimes, limit: number): { bars: Bar[]; top: number } {
  const hours = times.hours;
  const top = Math.max(60, limit, ...hours.map((h) => h.times.p90_seconds));
  const known = new Map(hours.map((h) => [Date.parse(h.hour), h.times]));
  const bars: Bar[] = [];
  const end = Date.parse(hours.at(-1)?.hour ?? "");
  for (let at = Date.parse(hours[0]?.hour ?? ""); at <= end; at += 3_600_000) {
    const t = known.get(at) ?? { tickets: 0, p50_seconds: 0, p90_seconds: 0, late: 0 };
    const { tickets, p50_seconds: p50, p90_seconds: p90, late } = t;
    bars.push({
      hour: new Date(at).toISOString(),
      tickets,
      p50,
      p90,
      late,
      half: p50 / top,
      most: p90 / top,
    });
  }
  return { bars, top };
}

/** A business day some days earlier or later ("2026-11-20", -1 → "2026-11-19"). */
export function dayBeside(day: string, days: number): string {
  const at = new Date(`${day}T12:00:00Z`);
  at.setUTCDate(at.getUTCDate() + days);
  return at.toISOString().slice(0, 10);
}

/** Whether guests were told that an order takes longer, and it still does. */
export function isLate(order: Order): boolean {
  const cooking = order.state === "accepted" || order.state === "preparing";
  if (!cooking || !isSet(order.delayed)) return false;
  return !order.expected || Date.parse(order.delayed) >= Date.parse(order.expected.to);
}
