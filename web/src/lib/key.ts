/**
 * A new random key (UUID, RFC 9562 §5.4) for one intention: a press, an order. `crypto.randomUUID` exists only on
 * HTTPS pages, and the restaurant's own network is plain HTTP, so the bytes are put together here.
 */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6]! & 0x0f) | 0x40;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
