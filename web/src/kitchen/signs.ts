/** Line drawings of the kitchen's own on a 24 × 24 grid, one path each. */
export const signs = {
  again: "M4 11a8 8 0 0 1 14-4l2 2M20 4v5h-5M20 13a8 8 0 0 1-14 4l-2-2M4 20v-5h5",
  bolt: "M13 3 5 14h6l-1 7 8-11h-6z",
  brake: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18ZM9.5 9v6M14.5 9v6",
  flame: "M12 3c1 4 5 5.5 5 10.5a5 5 0 0 1-10 0c0-2 1-3.5 2-4.5.3 1.6 1 2.4 1.8 2.6C10.5 8.5 10.8 6 12 3Z",
  hand: "M8 12V6.5a1.5 1.5 0 0 1 3 0V11m0-5.5a1.5 1.5 0 0 1 3 0V11m0-4a1.5 1.5 0 0 1 3 0v6.5c0 4-2 6.5-5.5 6.5-3 0-4.300-1.5-6-4.5l-1.300-2.400a1.400 1.400 0 0 1 2.300-1.5L8 13.5",
  pass: "M3 18h18M5 18a7 7 0 0 1 14 0M12 11V8m-1.5 0h3",
} as const;

/** A drawing's name. */
export type SignName = keyof typeof signs;
