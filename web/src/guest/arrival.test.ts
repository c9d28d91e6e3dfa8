import { expect, test } from "vitest";
import { cleanAddress, readArrival } from "./arrival";

const read = (pathname: string, hash = "", search = "") => readArrival({ pathname, hash, search });

test.each([
  ["/t/Abc_-9", "Abc_-9"],
  ["/T/ABC", "ABC"],
  ["/t/", ""],
  ["/t", ""],
  ["/t/a/b", ""],
  ["/t/%3Cscript%3E", ""],
  [`/t/${"a".repeat(65)}`, ""],
])("path %s holds the token %j", (path, token) => {
  expect(read(path).token).toBe(token);
});

test("a messenger's message hands over a key, and it does not stay in the address", () => {
  const arrival = read("/t/abc", "#g=secret_Key-1");
  expect(arrival.key).toBe("secret_Key-1");
  expect(cleanAddress(arrival)).toBe("/t/abc");
  expect(read("/t/abc", "#g=<script>").key).toBeUndefined();
});

test("Telegram's words are kept raw, and their start parameter names the table", () => {
  const initData = "user=%7B%22id%22%3A1%7D&start_param=tok9&hash=ff";
  const theme = JSON.stringify({ bg_color: "#17212b" });
  const hash = new URLSearchParams({ tgWebAppData: initData, tgWebAppThemeParams: theme }).toString();
  const arrival = read("/t/", `#${hash}`);
  expect(arrival).toEqual({ token: "tok9", initData, dark: true });
  expect(cleanAddress(arrival)).toBe("/t/tok9");
});

test("the start parameter in the query serves when the words lack it; a scanned path wins", () => {
  expect(read("/t", "", "?tgWebAppStartParam=q1").token).toBe("q1");
  expect(read("/t/p1", "", "?tgWebAppStartParam=q1").token).toBe("p1");
});

test("a theme that cannot be read decides nothing", () => {
  const hash = (params: string) =>
    `#${new URLSearchParams({ tgWebAppData: "a=b", tgWebAppThemeParams: params })}`;
  expect(read("/t/x", hash("{")).dark).toBeUndefined();
  expect(read("/t/x", hash('{"bg_color":"red"}')).dark).toBeUndefined();
  expect(read("/t/x", hash('{"bg_color":"#ffffff"}')).dark).toBe(false);
});
