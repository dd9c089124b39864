import { Readable, Writable } from "node:stream";
import type { ExitCode, Terminal } from "../../cli/command.ts";
import { main } from "../../cli/main.ts";

export interface Ran {
  code: ExitCode;
  stdout: string;
  stderr: string;
}

/** Runs the command line in this process, as a user without a terminal would. */
export async function run(words: string[], stdin = ""): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const terminal: Terminal = {
    stdin: Readable.from([Buffer.from(stdin)]),
    stdout: collecting(out),
    stderr: collecting(err),
    env: {},
  };
  const code = await main(words, terminal);
  return { code, stdout: out.join(""), stderr: err.join("") };
}

/** Rows of a tsv, as objects. */
export function rowsOf(tsv: string): Record<string, string>[] {
  const [header = "", ...lines] = tsv.trimEnd().split("\n");
  const names = header.split("\t");
  return lines.map((line) =>
    Object.fromEntries(line.split("\t").map((value, index) => [names[index], value])),
  );
}

function collecting(into: string[]): Writable {
  return new Writable({
    write(chunk, _encoding, done) {
      into.push(String(chunk));
      done();
    },
  });
}
