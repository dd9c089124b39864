/**
 * `node login.ts pop3|imap ADDRESS USER PASSWORD…`: logs in with one password after another on one connection and prints `ok` or
 * `refused` for each, `no answer` where none comes within five seconds. After `ok` it stays: each line on stdin is a NOOP, and
 * `alive` is printed when the server has answered.
 */
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";

const [, , protocol, host, user, ...passwords] = process.argv as [
  string,
  string,
  "pop3" | "imap",
  string,
  string,
  ...string[],
];
const PORTS = { pop3: 110, imap: 143 };
const LOGIN = {
  pop3: (password: string) => [`USER ${user}`, `PASS ${password}`],
  imap: (password: string) => [`a LOGIN ${user} ${password}`],
};
/** A line that ends an answer. */
const END = { pop3: /^(\+OK|-ERR)/, imap: /^(\* OK .*ready|a )/ };

async function main() {
  const socket = connect({ host, port: PORTS[protocol] });
  const answers = linesOf(socket);
  await answers.next();
  for (const password of passwords) {
    const ok = await tryPassword(socket, answers, password);
    console.log(ok ? "ok" : "refused");
    if (ok) return stay(socket, answers);
  }
  socket.destroy();
}

async function tryPassword(
  socket: Socket,
  answers: AsyncIterator<string>,
  password: string,
): Promise<boolean> {
  let answer = "";
  for (const command of LOGIN[protocol](password)) {
    socket.write(`${command}\r\n`);
    answer = (await answers.next()).value;
  }
  return /^(\+OK|a OK)/.test(answer);
}

async function stay(socket: Socket, answers: AsyncIterator<string>) {
  socket.setTimeout(0); // it may be silent for long, as a mail program's connection is
  for await (const _ of createInterface(process.stdin)) {
    socket.write(protocol === "pop3" ? "NOOP\r\n" : "a NOOP\r\n");
    if (/OK/.test((await answers.next()).value)) console.log("alive");
  }
  socket.destroy();
}

async function* linesOf(socket: Socket): AsyncGenerator<string> {
  socket.setTimeout(5000, giveUp);
  socket.on("error", giveUp);
  for await (const line of createInterface(socket)) if (END[protocol].test(line)) yield line;
  giveUp();
}

function giveUp() {
  console.log("no answer");
  process.exit(1);
}

await main();
