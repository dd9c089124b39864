/**
 * `node login.ts FROM pop3|imap|submission|smtps ADDRESS USER PASSWORD…`: logs in from an own address with one password after
 * another on one connection and prints `ok` or `refused` for each, `no answer` where none comes within five seconds. After `ok` it
 * stays: each line on stdin is a NOOP, and `alive` is printed when the server has answered.
 */
import { connect, type Socket } from "node:net";
import { createInterface } from "node:readline";
import { connect as connectTls } from "node:tls";

interface Protocol {
  port: number;
  tls?: boolean;
  /** What is said first. */
  hello?: string;
  login: (user: string, password: string) => string[];
  noop: string;
  /** A line that ends an answer. */
  end: RegExp;
  ok: RegExp;
}

const base64 = (text: string) => Buffer.from(text).toString("base64");
const smtp = {
  hello: "EHLO client.example",
  login: (user: string, password: string) => [`AUTH PLAIN ${base64(`\0${user}\0${password}`)}`],
  noop: "NOOP",
  end: /^\d{3} /,
  ok: /^2/,
};
const PROTOCOLS: Record<string, Protocol> = {
  pop3: {
    port: 110,
    login: (user, password) => [`USER ${user}`, `PASS ${password}`],
    noop: "NOOP",
    end: /^(\+OK|-ERR)/,
    ok: /^\+OK/,
  },
  imap: {
    port: 143,
    login: (user, password) => [`a LOGIN ${user} ${password}`],
    noop: "a NOOP",
    end: /^(\* OK .*ready|a )/,
    ok: /^a OK/,
  },
  submission: { port: 587, ...smtp },
  smtps: { port: 465, tls: true, ...smtp },
};

const [, , localAddress, name, host, user, ...passwords] = process.argv;
const protocol = PROTOCOLS[name!]!;

async function main() {
  const address = { host: host!, port: protocol.port, localAddress: localAddress! };
  const socket = protocol.tls ? connectTls({ ...address, rejectUnauthorized: false }) : connect(address);
  const answers = linesOf(socket);
  const ask = async (command: string) => {
    socket.write(`${command}\r\n`);
    return (await answers.next()).value as string;
  };
  await answers.next();
  if (protocol.hello !== undefined) await ask(protocol.hello);
  for (const password of passwords) {
    let answer = "";
    for (const command of protocol.login(user!, password)) answer = await ask(command);
    const ok = protocol.ok.test(answer);
    console.log(ok ? "ok" : "refused");
    if (ok) return stay(socket, ask);
  }
  socket.destroy();
}

async function stay(socket: Socket, ask: (command: string) => Promise<string>) {
  socket.setTimeout(0); // it may be silent for long, as a mail program's connection is
  for await (const _ of createInterface(process.stdin))
    if (protocol.ok.test(await ask(protocol.noop))) console.log("alive");
  socket.destroy();
}

async function* linesOf(socket: Socket): AsyncGenerator<string> {
  socket.setTimeout(5000, giveUp);
  socket.on("error", giveUp);
  for await (const line of createInterface(socket)) if (protocol.end.test(line)) yield line;
  giveUp();
}

function giveUp() {
  console.log("no answer");
  process.exit(1);
}

await main();
