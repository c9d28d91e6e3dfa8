import type { IconName } from "./icons";

/** The names messengers give themselves; they are the same in every language. */
const names: Readonly<Record<string, string>> = {
  telegram: "Telegram",
  whatsapp: "WhatsApp",
  messenger: "Messenger",
  instagram: "Instagram",
  viber: "Viber",
  wechat: "WeChat",
  line: "LINE",
  web: "Web",
};

/** What people call the way an order came in. */
export function channelName(channel: string): string {
  return names[channel] ?? channel;
}

/** The drawing beside that name. */
export function channelIcon(channel: string): IconName {
  if (channel === "web") return "globe";
  return channel === "staff" ? "user" : "chat";
}
