import { BytesCache } from "./bytes-cache.ts";
import type { Daemon, Meaning } from "./daemon.ts";
import type { Service } from "./event.ts";
import { codeOf, whatOf } from "./login.ts";
import type { Shape } from "./shape.ts";

/** A shape that a program's messages may have, and whose it is. */
export interface Candidate {
  shape: Shape<Meaning>;
  daemon: Daemon;
  /** As in `Login`, where the line does not name another service; -1 where it tells of no login. */
  code: number;
}

/** Positions of a message by which candidates are chosen: of `imap-login: ` and `imap(alice)` the fifth tells them apart. */
const FIRST = 0;
export const SECOND = 4;

/**
 * A program whose lines may tell of logins, under one name or several. Bytes that can begin the same shapes are of one class;
 * which candidates can have a byte of one class and of another is found out when a message does.
 */
export class Program {
  /** Classes of bytes at the two positions, by byte. */
  readonly first: Uint8Array;
  readonly second: Uint8Array;
  /** How many classes there are at the second position, with the last for a message that does not reach it. */
  readonly width: number;
  private readonly all: readonly Candidate[];
  private readonly firstBytes: readonly number[];
  private readonly secondBytes: readonly number[];
  private readonly chosen: (readonly Candidate[])[] = [];

  constructor(all: readonly Candidate[]) {
    this.all = all;
    [this.first, this.firstBytes] = classesAt(all, FIRST);
    [this.second, this.secondBytes] = classesAt(all, SECOND);
    this.width = this.secondBytes.length + 1;
  }

  /** How many pairs of classes there are. */
  get pairs(): number {
    return this.firstBytes.length * this.width;
  }

  /** The classes of a message's bytes as one number, less than `pairs`. */
  pairOf(bytes: Uint8Array, from: number, to: number): number {
    const second = to - from > SECOND ? this.second[bytes[from + SECOND]!]! : this.width - 1;
    return this.first[bytes[from]!]! * this.width + second;
  }

  /** The candidates for such a message, in order. */
  candidates(pair: number): readonly Candidate[] {
    this.chosen[pair] ??= this.choose(pair);
    return this.chosen[pair];
  }

  private choose(pair: number): readonly Candidate[] {
    const first = this.firstBytes[Math.floor(pair / this.width)]!;
    // undefined where there is none
    const second = this.secondBytes[pair % this.width];
    const some = this.all.filter((one) => canHave(one, FIRST, first));
    return second === undefined ? some : some.filter((one) => canHave(one, SECOND, second));
  }
}

function canHave({ shape }: Candidate, position: number, byte: number): boolean {
  return shape.beginning()[position]?.has(byte) ?? true;
}

/** The class of each byte at a position, and a byte of each class. */
function classesAt(all: readonly Candidate[], position: number): [Uint8Array, number[]] {
  const takers = new Array<string>(256).fill("");
  // many shapes begin alike
  for (const [index, possible] of [...new Set(all.map(({ shape }) => shape.beginning()[position]))].entries())
    for (const byte of possible ?? []) takers[byte] += ` ${index}`;
  const kinds = [...new Set(takers)];
  return [Uint8Array.from(takers, (kind) => kinds.indexOf(kind)), kinds.map((kind) => takers.indexOf(kind))];
}

/** Names remembered: a log has a few dozen, and anybody may write to one. */
const REMEMBERED = 1024;

/** Finds a program by the name that stands in bytes `[from, to)`; undefined where no daemon speaks under it. */
export type ProgramTable = (bytes: Buffer, from: number, to: number) => Program | undefined;

/** Names are compared whole: whoever may write one line to one log must not hide what a daemon writes to any. */
export function createProgramTable(daemons: readonly Daemon[]): ProgramTable {
  const made: ProgramsMade = new Map();
  const known = new BytesCache(REMEMBERED, (bytes, from, to) =>
    programOf(daemons, bytes.toString("latin1", from, to), made),
  );
  return (bytes, from, to) => known.get(bytes, from, to);
}

/** Programs by who speaks as them, of which services: there are a few dozen, however many names logs have. */
type ProgramsMade = Map<string, Program>;

function programOf(daemons: readonly Daemon[], name: string, made: ProgramsMade): Program | undefined {
  const speakers = daemons.filter((daemon) => daemon.programs.some((program) => isNamed(name, program)));
  if (speakers.length === 0) return undefined;
  const key = speakers.map((daemon) => `${daemons.indexOf(daemon)} ${daemon.service(name)}`).join();
  const known = made.get(key);
  if (known !== undefined) return known;
  const all = speakers.flatMap((daemon) => {
    const service = daemon.service(name);
    return daemon.shapes.map((shape) => candidateOf(shape, daemon, service));
  });
  const program = new Program(all);
  made.set(key, program);
  return program;
}

/** What may tell one instance of a daemon from another. */
const INSTANCE = /^[\w.-]*$/;

function isNamed(name: string, program: string): boolean {
  if (program.startsWith("*")) return name.endsWith(program.slice(1));
  if (!program.endsWith("*")) return name === program;
  const begin = program.slice(0, -1);
  return name.startsWith(begin) && INSTANCE.test(name.slice(begin.length));
}

function candidateOf(shape: Shape<Meaning>, daemon: Daemon, service: Service): Candidate {
  const { meaning } = shape;
  if (typeof meaning === "string") return { shape, daemon, code: -1 };
  const code = codeOf(daemon.name, meaning.service ?? service, meaning.evidence, whatOf(meaning));
  return { shape, daemon, code };
}
