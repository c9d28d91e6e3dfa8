import type { Api } from "../lib/api";
import { asProblem, type Problem } from "../lib/problem";
import { Resource } from "./resource.svelte";
import type {
  Approval,
  BadgeChange,
  BadgeOrder,
  BadgeProgress,
  Hours,
  Me,
  People,
  PersonChange,
  StaffRole,
} from "./wire";

/** What Staff needs of the house it belongs to. */
export interface StaffOptions {
  api: Api;
  /** Waits for a command, shows what it changed, and says whether it was carried out. */
  run: (command: Promise<unknown>, changed: Resource<unknown>) => Promise<boolean>;
  /** Watches an answer for a key that is not valid any more. */
  signedIn: <T>(answer: Promise<T>) => Promise<T>;
  onproblem: (problem: Problem) => void;
}

/** How often something that waits for a badge is asked about, in milliseconds. */
const askEvery = 700;

/** Staff is who works in the house, with their badges and what waits for one. */
export class Staff {
  readonly people: Resource<People>;
  /** This screen, and who is signed in to it. */
  readonly me: Resource<Me>;
  /** What this screen last asked an approval for, until it is dismissed. */
  approval = $state.raw<Approval>();
  /** The badge that is being enrolled, until it is dismissed. */
  enrolment = $state.raw<BadgeProgress>();

  readonly #options: StaffOptions;
  #approvalTimer: ReturnType<typeof setTimeout> | undefined;
  #enrolmentTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: StaffOptions) {
    this.#options = options;
    const { api, signedIn } = options;
    this.people = new Resource(() => signedIn(api.get<People>("/api/owner/people")));
    this.me = new Resource(() => signedIn(api.get<Me>("/api/owner/me")));
  }

  /** Something of people, badges or wishes changed. */
  changed(): void {
    this.people.changed();
    if (this.approval?.state === "waiting") void this.#lookAtApproval();
  }

  stop(): void {
    clearTimeout(this.#approvalTimer);
    clearTimeout(this.#enrolmentTimer);
  }

  add(name: string, role: StaffRole): Promise<boolean> {
    return this.#run(this.#options.api.post("/api/owner/people", { name, role }));
  }

  change(id: string, change: PersonChange): Promise<boolean> {
    return this.#run(this.#options.api.patch(`/api/owner/people/${id}`, change, { tries: 3 }));
  }

  /** Notes by hand that somebody came or went. */
  clock(id: string, come: boolean): Promise<boolean> {
    return this.#run(this.#options.api.post(`/api/owner/people/${id}/clock`, { in: come }, { tries: 3 }));
  }

  changeBadge(uid: string, change: BadgeChange): Promise<boolean> {
    return this.#run(this.#options.api.patch(`/api/owner/badges/${uid}`, change, { tries: 3 }));
  }

  /** Nobody is signed in to this screen any more; it stays connected. */
  signOut(): Promise<boolean> {
    return this.#options.run(this.#options.api.post("/api/owner/sign-out", undefined, { tries: 3 }), this.me);
  }

  /** Who worked how long on a business day, "" for today. */
  hours(day = ""): Promise<Hours> {
    const at = `/api/owner/people/hours?day=${encodeURIComponent(day)}`;
    return this.#options.signedIn(this.#options.api.get<Hours>(at));
  }

  /** The shifts of a business day as a file of comma-separated values. */
  hoursFile(day: string): Promise<string> {
    return this.#options.api.get<string>(`/api/owner/people/hours.csv?day=${encodeURIComponent(day)}`);
  }

  /** Asks for the badge that lets something be taken off an order. */
  async askCancel(order: string, body: object): Promise<boolean> {
    try {
      const at = `/api/owner/orders/${order}/ask-cancel`;
      this.approval = await this.#options.signedIn(this.#options.api.post<Approval>(at, body, { tries: 3 }));
    } catch (error) {
      this.#options.onproblem(asProblem(error));
      return false;
    }
    this.#approvalSoon();
    return true;
  }

  /** Takes back what waits, or puts away what has ended. */
  async dismissApproval(): Promise<void> {
    const was = this.approval;
    this.approval = undefined;
    clearTimeout(this.#approvalTimer);
    if (was?.state !== "waiting") return;
    await this.#run(this.#options.api.delete(`/api/owner/approvals/${was.id}`, { tries: 3 }));
  }

  async #lookAtApproval(): Promise<void> {
    const id = this.approval?.id;
    if (!id) return;
    try {
      const now = await this.#options.signedIn(this.#options.api.get<Approval>(`/api/owner/approvals/${id}`));
      if (this.approval?.id === id) this.approval = now;
    } catch {
      // The line at the top says that the device is not reached; the wish waits there all the same.
    }
    if (this.approval?.id === id && this.approval.state === "waiting") this.#approvalSoon();
  }

  /** Waits at a reader for a card; true when it waits. */
  async enrol(order: BadgeOrder): Promise<boolean> {
    try {
      const answer = this.#options.api.post<BadgeProgress>("/api/owner/badges/enrolment", order);
      this.enrolment = await this.#options.signedIn(answer);
    } catch (error) {
      this.#options.onproblem(asProblem(error));
      return false;
    }
    this.#enrolmentSoon();
    return true;
  }

  /** Ends the wait for a card, or puts away what came of it. */
  async dismissEnrolment(): Promise<void> {
    this.enrolment = undefined;
    clearTimeout(this.#enrolmentTimer);
    await this.#run(this.#options.api.delete("/api/owner/badges/enrolment", { tries: 3 }));
  }

  async #lookAtEnrolment(): Promise<void> {
    if (!this.enrolment) return;
    try {
      const path = "/api/owner/badges/enrolment";
      const now = await this.#options.signedIn(this.#options.api.get<BadgeProgress>(path));
      if (this.enrolment) this.enrolment = now;
    } catch {
      // As above: it goes on waiting at the reader.
    }
    if (this.enrolment?.phase === "waiting" || this.enrolment?.phase === "working") this.#enrolmentSoon();
    else this.people.changed();
  }

  #approvalSoon(): void {
    clearTimeout(this.#approvalTimer);
    this.#approvalTimer = setTimeout(() => void this.#lookAtApproval(), askEvery);
  }

  #enrolmentSoon(): void {
    clearTimeout(this.#enrolmentTimer);
    this.#enrolmentTimer = setTimeout(() => void this.#lookAtEnrolment(), askEvery);
  }

  #run(command: Promise<unknown>): Promise<boolean> {
    return this.#options.run(command, this.people);
  }
}
