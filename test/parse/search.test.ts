import { expect, test } from "vitest";
import { bytes, functionOf, reserve } from "../../functions/parse/memory.ts";
import { firstPlace, lastPlace } from "../../functions/parse/search.ts";
import { mulberry32 } from "../random.ts";

const ROOM = 256;
const PLACE = reserve(ROOM);

test.each([1, 2, 3, 4, 5, 7, 8, 9, 12, 16, 17, 31, 40])(
  "a literal of %i bytes is found where it stands within the text, and nowhere else",
  (length) => {
    const random = mulberry32(length);
    const few = (count: number) =>
      Buffer.from(Array.from({ length: count }, () => 0x61 + Math.floor(random() * 2)));
    for (let literal = 0; literal < 4; literal++) {
      const sought = literal === 0 ? Buffer.alloc(length, "a") : few(length);
      const [first, last] = [functionOf(firstPlace(sought)), functionOf(lastPlace(sought))];
      for (let n = 0; n < 400; n++) {
        // it stands before the text, behind it, and across its ends too
        few(ROOM).copy(bytes, PLACE);
        for (let some = 0; some < 6; some++)
          sought.copy(bytes, PLACE + Math.floor(random() * (ROOM - length)));
        const from = 64 + Math.floor(random() * 20);
        const to = from + Math.floor(random() * 100);
        const text = bytes.subarray(PLACE + from, PLACE + to);
        const placeOf = (found: number) => (found < 0 ? -1 : PLACE + from + found);
        expect(first(PLACE + from, PLACE + to)).toBe(placeOf(text.indexOf(sought)));
        expect(last(PLACE + from, PLACE + to)).toBe(placeOf(text.lastIndexOf(sought)));
      }
    }
  },
);
