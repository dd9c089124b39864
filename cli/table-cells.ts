/** A table's cells as bytes until all are known, and with them each column's width: texts of a million rows would take a gigabyte. */

/** Longest cell, in UTF-16 units, as all widths are. */
const LONGEST = 60;
const BLOCK_ROOM = 2 ** 16;
/** Bytes of what stands around a cell: spaces or the line's end, and `\x1b[31m` and `\x1b[0m` where it is painted. */
const AROUND = 2;
const PAINT = 14;
/** Spaces. */
const BETWEEN = 2;

/** Bytes before each cell's text: its width, and how many bytes it has. */
const HEAD = 2;
const NEWLINE = 0x0a;
const SPACE = 0x20;
const ZERO = 0x30;
/** Bytes of the longest cell. */
const CELL_ROOM = HEAD + 3 * LONGEST;
/** The largest number whose digits are put down without a text. */
const MOST_COUNTED = 2 ** 31 - 1;

interface Bytes {
  bytes: Buffer;
  size: number;
}

/** Whole rows, cell by cell. */
interface Block extends Bytes {
  rows: number;
}

/** How a column is shown. */
export interface Look {
  right: boolean;
  /** SGR code of a cell's text. */
  colour?: ((text: string) => number | undefined) | undefined;
}

export class TableCells {
  readonly widths: number[];
  private readonly blocks: Block[] = [];
  private readonly rowRoom: number;

  constructor(names: readonly string[]) {
    this.widths = names.map((name) => name.length);
    this.rowRoom = names.length * CELL_ROOM;
  }

  /** Adds a row, a cell a column; texts may hold anything. */
  addRow(cells: readonly (string | number)[]): void {
    const block = this.blockWithRoom();
    for (let column = 0; column < cells.length; column++) {
      const width = putCell(block, cells[column]!);
      if (width > this.widths[column]!) this.widths[column] = width;
    }
    block.rows++;
  }

  /** The rows as lines, many at a time, which are not kept. */
  *lines(looks: readonly Look[]): Generator<Buffer> {
    for (let block = this.blocks.shift(); block !== undefined; block = this.blocks.shift())
      yield linesOf(block, this.widths, looks);
  }

  private blockWithRoom(): Block {
    const last = this.blocks.at(-1);
    if (last !== undefined && last.size + this.rowRoom <= last.bytes.length) return last;
    const made = { bytes: Buffer.allocUnsafeSlow(Math.max(BLOCK_ROOM, this.rowRoom)), size: 0, rows: 0 };
    this.blocks.push(made);
    return made;
  }
}

/** Puts down a cell with its head; returns its width. */
function putCell(block: Bytes, cell: string | number): number {
  const head = block.size;
  block.size += HEAD;
  const width = typeof cell === "number" ? putNumber(block, cell) : putText(block, cell);
  block.bytes[head] = width;
  block.bytes[head + 1] = block.size - head - HEAD;
  return width;
}

/** Puts down a number: a count without making a text of it. Returns its width. */
function putNumber(cells: Bytes, number: number): number {
  if (!Number.isInteger(number) || number < 0 || number > MOST_COUNTED) return putText(cells, String(number));
  const { bytes, size } = cells;
  const width = digitsOf(number);
  let left = number;
  for (let at = size + width - 1; at >= size; at--) {
    const rest = Math.floor(left / 10);
    bytes[at] = ZERO + left - rest * 10;
    left = rest;
  }
  cells.size += width;
  return width;
}

function digitsOf(count: number): number {
  let digits = 1;
  for (let least = 10; least <= count; least *= 10) digits++;
  return digits;
}

function putText(cells: Bytes, text: string): number {
  return putShort(cells, text) ? text.length : putAny(cells, text);
}

/** Puts down a text that can be shown as it is, as most can: short, printable ASCII. False where it cannot. */
function putShort(cells: Bytes, text: string): boolean {
  if (text.length > LONGEST) return false;
  const { bytes, size } = cells;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < SPACE || code >= 0x7f) return false;
    bytes[size + i] = code;
  }
  cells.size += text.length;
  return true;
}

/** Puts down any text so that it can be shown; returns its width. */
function putAny(cells: Bytes, text: string): number {
  const shown = shortened(printable(text));
  put(cells, shown);
  return shown.length;
}

function put(into: Bytes, text: string): void {
  into.size += into.bytes.write(text, into.size);
}

/** A log's text may hold anything; what would move the cursor or split a row is shown as `\xNN`. */
export function printable(text: string): string {
  return text.replace(
    /[\x00-\x1f\x7f-\x9f]/g,
    (char) => `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`,
  );
}

function shortened(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text;
}

function linesOf(block: Block, widths: readonly number[], looks: readonly Look[]): Buffer {
  const roomOf = (width: number, { colour }: Look) => width + AROUND + (colour ? PAINT : 0);
  const room = widths.reduce((sum, width, column) => sum + roomOf(width, looks[column]!), 0);
  // filled with spaces, so that where some belong they are passed over
  const bytes = Buffer.allocUnsafeSlow(block.size + block.rows * room).fill(SPACE);
  const lines = { bytes, size: 0 };
  for (let row = 0, from = 0; row < block.rows; row++) {
    for (let column = 0; column < widths.length; column++) {
      if (column > 0) lines.size += BETWEEN;
      from = putAligned(lines, block.bytes, from, widths[column]!, looks[column]!);
    }
    endLine(lines);
  }
  return lines.bytes.subarray(0, lines.size);
}

/** Puts down the cell whose head is at `head`, as wide as its column; returns where the next one's is. */
function putAligned(
  lines: Bytes,
  cells: Buffer,
  head: number,
  columnWidth: number,
  { right, colour }: Look,
): number {
  const padding = columnWidth - cells[head]!;
  const from = head + HEAD;
  const end = from + cells[head + 1]!;
  const painting = colour?.(cells.toString("utf8", from, end));
  if (painting !== undefined) put(lines, `\x1b[${painting}m`);
  if (right) lines.size += padding;
  putBytes(lines, cells, from, end);
  if (!right) lines.size += padding;
  if (painting !== undefined) put(lines, "\x1b[0m");
  return end;
}

/** A loop: so few bytes are copied before a call has begun. */
function putBytes(lines: Bytes, cells: Buffer, from: number, end: number): void {
  const { bytes, size } = lines;
  for (let at = from; at < end; at++) bytes[size + at - from] = cells[at]!;
  lines.size = size + end - from;
}

/** Without spaces at its end. */
function endLine(lines: Bytes): void {
  while (lines.bytes[lines.size - 1] === SPACE) lines.size--;
  lines.bytes[lines.size++] = NEWLINE;
}
