import { roomFor } from "./entries.ts";
import { putBehind } from "./entry-order.ts";
import type { NameBook } from "./name-book.ts";
import type { PackedEntries } from "./packed-entries.ts";
import { limitUsers } from "./user-limit.ts";

/** What several packs hold of one address, in order: entries `[from, to)`. Its memory is used again for the next. */
export class UnpackedEntries {
  address = -1;
  values = new Uint32Array(0);
  readonly from = 0;
  to = 0;
  /** As the packs hold them, one behind the other. */
  private aside = new Uint32Array(0);

  unpack(address: number, packs: readonly PackedEntries[], users: NameBook): void {
    const own = packs.filter((packed) => packed.has(address));
    const size = own.reduce((sum, packed) => sum + packed.sizeOf(address), 0);
    this.address = address;
    this.values = roomFor(size, this.values);
    if (own.length < 2) this.to = own[0]?.unpack(address, this.values, 0) ?? 0;
    else {
      this.aside = roomFor(size, this.aside);
      const to = own.reduce((end, packed) => packed.unpack(address, this.aside, end), 0);
      this.to = putBehind(this.values, 0, this.aside, 0, to, limitUsers(users));
    }
  }
}
