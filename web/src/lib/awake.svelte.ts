/**
 * Keeps the screen on while the page is visible, where the browser can. Browsers offer it only on HTTPS and localhost,
 * so on a plain restaurant network the device's own settings must do it; `possible` says which it is.
 */
export class Awake {
  possible = $state(false);
  #lock: WakeLockSentinel | undefined;
  #running = false;

  start(): void {
    if (this.#running) return;
    this.#running = true;
    document.addEventListener("visibilitychange", this.#ask);
    void this.#ask();
  }

  stop(): void {
    this.#running = false;
    document.removeEventListener("visibilitychange", this.#ask);
    void this.#lock?.release();
    this.#lock = undefined;
  }

  #ask = async () => {
    if (document.visibilityState !== "visible" || !("wakeLock" in navigator)) return;
    try {
      this.#lock = await navigator.wakeLock.request("screen");
      this.possible = true;
      if (!this.#running) await this.#lock.release();
    } catch {
      this.possible = false;
    }
  };
}
