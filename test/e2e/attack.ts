/**
 * `node attack.ts ATTACKS`: a JSON list. Each attack waits so many seconds, fails to log in by IMAP at its target as often as
 * it is told, and then knocks each half second everywhere, until no knock is answered any more. Prints for each its address and
 * two times, in seconds: of the last failure, and of the first of two rounds of knocks that nobody answered.
 */
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";

export interface Attack {
  from: string;
  after: number;
  failures: number;
  target: string;
  everywhere: readonly string[];
}

/** Closed to whom the list names, but served by nobody here: a refusal is an answer, too, and no log tells of it. */
const KNOCKED = 4190;

async function attack({ from, after, failures, target, everywhere }: Attack) {
  await sleep(after * 1000);
  await failToLogIn(from, target, failures);
  const failed = performance.now();
  for (let dropped = 0, rounds = 0; rounds < 2; await sleep(500)) {
    const knocked = performance.now();
    const answers = await Promise.all(everywhere.map((host) => answersKnock(from, host)));
    if (rounds === 0) dropped = knocked;
    rounds = answers.includes(true) ? 0 : rounds + 1;
    if (rounds === 2) console.log(`${from} ${failed / 1000} ${dropped / 1000}`);
  }
}

async function failToLogIn(localAddress: string, host: string, failures: number) {
  const socket = connect({ host, port: 143, localAddress });
  let answered = 0;
  for await (const line of createInterface(socket)) {
    if (!/^(\* OK .*ready|a NO )/.test(line)) continue;
    if (answered++ === failures) break;
    socket.write("a LOGIN bob wrong\r\n");
  }
  socket.destroy();
  if (answered <= failures) throw new Error(`${localAddress}: only ${answered - 1} answers of ${host}`);
}

function answersKnock(localAddress: string, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port: KNOCKED, localAddress });
    const end = (answered: boolean) => {
      socket.destroy();
      resolve(answered);
    };
    socket.setTimeout(1000, () => end(false));
    socket.on("connect", () => end(true));
    socket.on("error", () => end(true));
  });
}

await Promise.all((JSON.parse(process.argv[2]!) as Attack[]).map(attack));
