import { Api } from "./api";
import { asProblem } from "./problem";
import { forget, recall, remember } from "./storage";

/** What a paired device may do. */
export type Role = "kitchen" | "display" | "owner";

/** Why a screen is not connected. */
export type PairingProblem = "wrong" | "too-many" | "unreachable" | "removed";

interface PairAnswer {
  key: string;
  device: { role: Role };
}

/** Whether a close code of a live line says that the device does not know the key (any more). */
export function unknownKey(code: number): boolean {
  return code === 4401 || code === 4403;
}

const nameOf = (role: Role) => `comanda.${role}.key`;

/**
 * Pairing is this browser's credential for one kind of screen: none until six digits were typed, then kept until the
 * owner removes the screen.
 */
export class Pairing {
  key = $state<string>();
  busy = $state(false);
  problem = $state<PairingProblem>();
  /** The kind of screen the last code was really for, when it was not for this one. */
  elsewhere = $state<Role>();

  readonly role: Role;
  readonly #api: Api;

  constructor(role: Role, api = new Api()) {
    this.role = role;
    this.#api = api;
    this.key = recall<string>(nameOf(role));
  }

  /** Redeems a code. An owner's key opens every screen; any other key only its own. */
  async redeem(code: string, name: string): Promise<void> {
    if (this.busy) return;
    this.busy = true;
    this.problem = undefined;
    try {
      const { key, device } = await this.#api.post<PairAnswer>("/api/pair", { code, name });
      this.#take(key, device.role);
    } catch (error) {
      this.problem = problemOf(error);
    } finally {
      this.busy = false;
    }
  }

  #take(key: string, role: Role): void {
    const fits = role === this.role || role === "owner";
    remember(nameOf(fits ? this.role : role), key);
    if (fits) this.key = key;
    else this.elsewhere = role;
  }

  /** The device does not know the key any more. */
  removed(): void {
    this.leave();
    this.problem = "removed";
  }

  /** Forgets the key in this browser. */
  leave(): void {
    forget(nameOf(this.role));
    this.key = undefined;
    this.problem = undefined;
  }
}

function problemOf(error: unknown): PairingProblem {
  const problem = asProblem(error);
  if (problem.status === 429) return "too-many";
  return problem.uncertain || problem.status >= 500 ? "unreachable" : "wrong";
}
