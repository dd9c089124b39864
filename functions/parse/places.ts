/** Whether `text` stands at `place`, before `end`. */
export function startsWith(bytes: Uint8Array, place: number, end: number, text: Uint8Array): boolean {
  return end - place >= text.length && isAt(bytes, place, text);
}

/** Whether `sought` stands at `place`; there must be so many bytes. */
export function isAt(bytes: Uint8Array, place: number, sought: Uint8Array): boolean {
  const { length } = sought;
  for (let i = 0; i < length; i++) if (bytes[place + i] !== sought[i]) return false;
  return true;
}
