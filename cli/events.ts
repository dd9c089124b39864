import type { LoginEvent } from "../functions/parse/event.ts";
import type { Terminal } from "./command.ts";
import { iso } from "./time.ts";

/** Bytes collected before they are written: a system call an event would cost more than the parsing. */
const WRITE_SIZE = 65_536;

/** Prints login events, one JSON object a line, with nothing left out; `end` writes what is still collected. */
export function eventPrinter({ stdout }: Terminal) {
  let waiting = "";
  const flush = () => {
    stdout.write(waiting);
    waiting = "";
  };
  return {
    print(file: string, line: number, event: LoginEvent) {
      const { at, outcome, kind, evidence, ip, user, service, daemon, attempts } = event;
      const told = {
        file,
        line,
        at: iso(at),
        outcome,
        kind,
        evidence,
        ip,
        user: user ?? null,
        service,
        daemon,
        attempts,
      };
      waiting += `${JSON.stringify(told)}\n`;
      if (waiting.length > WRITE_SIZE) flush();
    },
    end: flush,
  };
}
