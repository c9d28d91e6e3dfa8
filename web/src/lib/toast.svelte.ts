/** A short notice at the bottom of the page, with at most one thing to do about it. */
export interface Notice {
  id: number;
  text: string;
  /** "bad" is read out at once, the others when the reader pauses. */
  tone: "plain" | "good" | "bad";
  action?: { label: string; run: () => void };
}

/** What a notice may have besides its text. */
export interface NoticeOptions {
  tone?: Notice["tone"];
  action?: Notice["action"];
  /** Seconds until it goes by itself, 0 to stay; 6 unless told, 10 with an action (WCAG 2.2.1). */
  seconds?: number;
}

/** The notices of a page, oldest first. */
export class Toasts {
  list = $state.raw<Notice[]>([]);
  #next = 1;

  show(text: string, options: NoticeOptions = {}): number {
    const id = this.#next++;
    const notice: Notice = { id, text, tone: options.tone ?? "plain" };
    if (options.action) notice.action = options.action;
    this.list = [...this.list.filter((n) => n.text !== text), notice].slice(-3);
    const seconds = options.seconds ?? (options.action ? 10 : 6);
    if (seconds > 0) setTimeout(() => this.dismiss(id), seconds * 1000);
    return id;
  }

  dismiss(id: number): void {
    this.list = this.list.filter((n) => n.id !== id);
  }
}

/** The page's notices; Toast.svelte shows them. */
export const toasts = new Toasts();
