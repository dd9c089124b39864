import type { Evidence, LoginEvent, Service } from "../parse/event.ts";
import type { Cell } from "./counter.ts";

/** Cells in memory: SIZE numbers each, what it is of, attempts, events, probes, successes. */
export type PackedCells = number[];

const SIZE = 5;

const EVIDENCES: readonly Evidence[] = ["login", "auth", "summary"];
const SERVICES: readonly Service[] = ["pop3", "imap", "smtp", "submission", "sieve", "webmail", "auth"];
const EVIDENCE = new Map(EVIDENCES.map((evidence, index) => [evidence, index]));
const SERVICE = new Map(SERVICES.map((service, index) => [service, index]));

/** Counts an event of that hour of the day; gives the cells back, which may be another array. */
export function countCell(cells: PackedCells, event: LoginEvent, hour: number): PackedCells {
  const of = (hour << 5) | (SERVICE.get(event.service)! << 2) | EVIDENCE.get(event.evidence)!;
  const at = cellAt(cells, of);
  // a literal has room for one cell, a push would make it for several
  if (at < 0 && cells.length === 0) return addTo([of, 0, 0, 0, 0], 0, event);
  if (at >= 0) return addTo(cells, at, event);
  cells.push(of, 0, 0, 0, 0);
  return addTo(cells, cells.length - SIZE, event);
}

export function unpackCells(cells: PackedCells, logName: string): Cell[] {
  const made: Cell[] = [];
  for (let at = 0; at < cells.length; at += SIZE) {
    const [of, attempts, events, probes, successes] = cells.slice(at, at + SIZE) as Packed;
    const service = SERVICES[(of >> 2) & 7]!;
    const evidence = EVIDENCES[of & 3]!;
    made.push({ hour: of >> 5, service, evidence, logName, attempts, events, probes, successes });
  }
  return made;
}

type Packed = [of: number, attempts: number, events: number, probes: number, successes: number];

/** Lines of one hour stand together: the newest cell is the likeliest. */
function cellAt(cells: PackedCells, of: number): number {
  let at = cells.length - SIZE;
  while (at >= 0 && cells[at] !== of) at -= SIZE;
  return at;
}

function addTo(cells: PackedCells, at: number, { outcome, kind, attempts }: LoginEvent): PackedCells {
  if (outcome === "success") cells[at + 4]!++;
  else if (kind === "probe") cells[at + 3]!++;
  else {
    cells[at + 1]! += attempts;
    cells[at + 2]!++;
  }
  return cells;
}
