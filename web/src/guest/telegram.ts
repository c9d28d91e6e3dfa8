/**
 * The few words of Telegram's mini app bridge this page needs (core.telegram.org/api/bots/webapps, "Outgoing events").
 * The apps put a proxy into the window; the web clients frame the page and listen to messages. No script of theirs is
 * loaded.
 */
interface Bridge {
  TelegramWebviewProxy?: { postEvent(type: string, data: string): void };
  TelegramGameProxy_receiveEvent?: (type: string, data: unknown) => void;
}

const client = "https://web.telegram.org";

/** Tells the client an event; elsewhere than in Telegram nothing happens. */
export function tell(type: string, data: object = {}): void {
  const bridge = (window as Bridge).TelegramWebviewProxy;
  if (bridge) bridge.postEvent(type, JSON.stringify(data));
  else if (window.parent !== window)
    window.parent.postMessage(JSON.stringify({ eventType: type, eventData: data }), client);
}

/** Says that the page is there, takes the full height, and takes over the client's back button. */
export function settle(onback: () => void): void {
  tell("web_app_ready");
  tell("web_app_expand");
  (window as Bridge).TelegramGameProxy_receiveEvent = (type) => {
    if (type === "back_button_pressed") onback();
  };
  window.addEventListener("message", (event) => {
    if (event.origin !== client || typeof event.data !== "string") return;
    if (event.data.includes('"back_button_pressed"')) onback();
  });
}

/** Shows or hides the client's back button. */
export function backButton(visible: boolean): void {
  tell("web_app_setup_back_button", { is_visible: visible });
}
