/** The part of the browser's audio that is used; tests hand in their own. */
export type Audio = Pick<AudioContext, "currentTime" | "state" | "resume" | "destination"> & {
  createOscillator(): OscillatorNode;
  createGain(): GainNode;
};

// The kitchen's sound for a ticket on no screen: three falling tones.
const tones = [
  { hz: 494, at: 0, for: 0.12 },
  { hz: 494, at: 0.2, for: 0.12 },
  { hz: 370, at: 0.4, for: 0.4 },
];

/**
 * Chime rings while something is wrong that nobody has looked after. Browsers keep a page silent until it was touched
 * once; before that the banner alone says it.
 */
export class Chime {
  #audio: Audio | undefined;
  #make: () => Audio;
  #timer: ReturnType<typeof setInterval> | undefined;

  constructor(make: () => Audio = () => new AudioContext()) {
    this.#make = make;
  }

  /** Rings now and every 5 seconds until it is told to stop. */
  ring(on: boolean): void {
    if (on === (this.#timer !== undefined)) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
    if (!on) return;
    void this.#play();
    this.#timer = setInterval(() => void this.#play(), 5000);
  }

  async #play(): Promise<void> {
    try {
      this.#audio ??= this.#make();
      if (this.#audio.state === "suspended") await this.#audio.resume();
      const from = this.#audio.currentTime + 0.02;
      for (const tone of tones) this.#tone(this.#audio, tone.hz, from + tone.at, tone.for);
    } catch {
      // A browser without audio: the banner stays.
    }
  }

  #tone(audio: Audio, hz: number, at: number, length: number): void {
    const oscillator = audio.createOscillator();
    const gain = audio.createGain();
    oscillator.frequency.value = hz;
    gain.gain.setValueAtTime(0.35, at);
    gain.gain.exponentialRampToValueAtTime(0.001, at + length);
    oscillator.connect(gain).connect(audio.destination);
    oscillator.start(at);
    oscillator.stop(at + length);
  }
}
