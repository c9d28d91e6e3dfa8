import { recall, remember } from "../lib/storage";

/** What can be heard; each has a melody of its own. */
export const sounds = [
  "new",
  "changed",
  "cancelled",
  "rush",
  "ready",
  "late",
  "waiting",
  "unseen",
  "offline",
] as const;
export type Sound = (typeof sounds)[number];

/** How loud. */
export type Volume = "off" | "low" | "normal" | "loud";
export const volumes: readonly Volume[] = ["off", "low", "normal", "loud"];

const gains: Readonly<Record<Volume, number>> = { off: 0, low: 0.12, normal: 0.35, loud: 0.9 };

/** One tone: frequency in Hz, start and length in seconds after the melody's start. */
interface Tone {
  hz: number;
  at: number;
  for: number;
  shape?: OscillatorType;
}

// New rises, cancelled falls and is harsh, late insists, waiting is a doorbell: they differ in rhythm as well as in
// pitch, because a kitchen hood swallows high tones.
const melodies: Readonly<Record<Sound, readonly Tone[]>> = {
  new: [
    { hz: 660, at: 0, for: 0.16 },
    { hz: 880, at: 0.17, for: 0.28 },
  ],
  changed: [0, 0.16, 0.32].map((at) => ({ hz: 740, at, for: 0.12 })),
  cancelled: [520, 390, 260].map((hz, i) => ({ hz, at: i * 0.22, for: 0.2, shape: "sawtooth" as const })),
  late: [0, 0.15, 0.45, 0.6].map((at) => ({ hz: 1046, at, for: 0.11, shape: "square" as const })),
  rush: [0, 0.1, 0.2, 0.3, 0.4].map((at, i) => ({ hz: 587 + i * 110, at, for: 0.09 })),
  ready: [1, 1.25, 1.5, 2].map((by, i) => ({ hz: 523 * by, at: i * 0.12, for: i === 3 ? 0.4 : 0.1 })),
  unseen: [
    { hz: 494, at: 0, for: 0.12 },
    { hz: 494, at: 0.2, for: 0.12 },
    { hz: 370, at: 0.4, for: 0.4 },
  ],
  waiting: [
    { hz: 784, at: 0, for: 0.35 },
    { hz: 587, at: 0.4, for: 0.5 },
  ],
  offline: [
    { hz: 220, at: 0, for: 0.5, shape: "square" },
    { hz: 165, at: 0.55, for: 0.7, shape: "square" },
  ],
};

/** The part of the browser's audio that is used; tests hand in their own. */
export type Audio = Pick<
  AudioContext,
  "state" | "currentTime" | "destination" | "resume" | "createOscillator" | "createGain" | "onstatechange"
>;

const remembered = "comanda.kitchen.volume";
const rememberedOff = "comanda.kitchen.silent";

/** Sounds plays melodies made of oscillators, once a touch has allowed it. */
export class Sounds {
  volume = $state<Volume>("normal");
  /** What is not to be heard. */
  off = $state.raw<readonly Sound[]>([]);
  /** The browser keeps quiet until somebody touches the screen. */
  blocked = $state(true);

  #audio: Audio | undefined;
  #make: () => Audio;
  #until = 0;

  constructor(make: () => Audio = () => new AudioContext()) {
    this.#make = make;
    const kept = recall<Volume>(remembered);
    if (kept && volumes.includes(kept)) this.volume = kept;
    const off = recall<unknown>(rememberedOff);
    this.off = Array.isArray(off) ? sounds.filter((s) => off.includes(s)) : [];
  }

  set(volume: Volume): void {
    this.volume = volume;
    remember(remembered, volume);
  }

  /** Turns one sound off, or on again. */
  toggle(sound: Sound): void {
    this.off = this.off.includes(sound) ? this.off.filter((s) => s !== sound) : [...this.off, sound];
    remember(rememberedOff, this.off);
  }

  /** To be called from a touch or key; only then do browsers let a page make noise. */
  async unlock(): Promise<void> {
    try {
      this.#audio ??= this.#watched(this.#make());
      if (this.#audio.state !== "running") await this.#audio.resume();
      this.blocked = this.#audio.state !== "running";
    } catch {
      this.blocked = true;
    }
  }

  /** Plays after what is playing already, unless it is turned off. Nothing is queued for later. */
  play(sound: Sound): void {
    if (!this.off.includes(sound)) this.test(sound);
  }

  /** Plays it whether it is turned off or not: somebody wants to know how it sounds. */
  test(sound: Sound): void {
    const audio = this.#audio;
    if (!audio || audio.state !== "running" || this.volume === "off") return;
    const start = Math.max(audio.currentTime + 0.02, this.#until);
    // In a rush melodies must not pile up: what would start later than in two seconds is left out.
    if (start > audio.currentTime + 2) return;
    for (const tone of melodies[sound]) this.#tone(audio, tone, start);
    this.#until = start + Math.max(...melodies[sound].map((t) => t.at + t.for)) + 0.15;
  }

  #tone(audio: Audio, tone: Tone, start: number): void {
    const oscillator = audio.createOscillator();
    const gain = audio.createGain();
    const [from, to] = [start + tone.at, start + tone.at + tone.for];
    oscillator.type = tone.shape ?? "triangle";
    oscillator.frequency.value = tone.hz;
    gain.gain.setValueAtTime(0, from);
    gain.gain.linearRampToValueAtTime(gains[this.volume], from + 0.015);
    gain.gain.setValueAtTime(gains[this.volume], Math.max(from + 0.015, to - 0.05));
    gain.gain.linearRampToValueAtTime(0, to);
    oscillator.connect(gain);
    gain.connect(audio.destination);
    oscillator.start(from);
    oscillator.stop(to);
  }

  #watched(audio: Audio): Audio {
    audio.onstatechange = () => (this.blocked = audio.state !== "running");
    return audio;
  }
}
