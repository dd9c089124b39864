import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from "node:child_process";
import { describe } from "vitest";
import { describeWith } from "../host/programs.ts";

/**
 * A mail host with two clients, each a network namespace of its own, as on the internet: no client shares a network with
 * the host. The link to the test's own namespace is where the servers of this project listen.
 */
export const MAIL = { ipv4: "203.0.113.25", ipv6: "2001:db8:25::25" };
export const ATTACKER = { ipv4: "198.51.100.66", ipv6: "2001:db8:bad::66" };
export const CUSTOMER = { ipv4: "198.51.100.80", ipv6: "2001:db8:c::80" };
/**
 * The test's end of the link to the mail host, and the host's: of RFC 2544's range, which no machine uses, and other ones for
 * each process, as two test runs may share a machine.
 */
export const OUTSIDE = linkAddress(1);
const INSIDE = linkAddress(2);

function linkAddress(end: 1 | 2): string {
  return `198.18.${(process.pid >> 6) & 255}.${(process.pid & 63) * 4 + end}`;
}

export type Place = "mail" | "attacker" | "customer";

/** Machines, each a network namespace of its own. */
export interface Machines<Name extends string> {
  /** A command line that runs another in a machine's namespace. */
  at(place: Name, command: readonly string[]): string[];
  /** Runs a command to its end and returns its stdout; throws where it fails. */
  exec(place: Name, ...command: string[]): string;
  start(place: Name, ...command: string[]): ChildProcessWithoutNullStreams;
  /** Ends all that runs there, and removes the machines. */
  remove(): void;
}

export type Network = Machines<Place>;

/** Commands in namespaces that exist, or will. `remove` also calls `removeMore`, before the namespaces go. */
export function machinesIn<Name extends string>(
  names: Readonly<Record<Name, string>>,
  removeMore: () => void,
): Machines<Name> {
  const started: ChildProcessWithoutNullStreams[] = [];
  const at = (place: Name, command: readonly string[]) => ["ip", "netns", "exec", names[place], ...command];
  return {
    at,
    exec: (place, ...command) => output(at(place, command)),
    start(place, ...command) {
      const [program, ...args] = at(place, command);
      const child = spawn(program!, args);
      started.push(child);
      return child;
    },
    remove() {
      for (const child of started) child.kill("SIGKILL");
      removeMore();
      for (const namespace of Object.values<string>(names)) removeNamespace(namespace);
    },
  };
}

/** `describe` where there are root, namespaces and the named programs; otherwise skipped with the reason, or with CI=true failing. */
export function describeInNetwork(programs: readonly string[]) {
  if (process.getuid?.() === 0) return describeWith(["ip", ...programs]);
  if (process.env.CI === "true") throw new Error("network namespaces need root");
  console.warn("skipped, as network namespaces need root");
  return describe.skip;
}

export function createNetwork(): Network {
  const names = { mail: name("mail"), attacker: name("evil"), customer: name("user") };
  // a namespace's end takes its links along only later
  const network = machinesIn(names, () => removeLink(outsideOf(names.mail)));
  try {
    build(names);
  } catch (error) {
    network.remove();
    throw error;
  }
  return network;
}

/** Interface names hold 15 characters. */
const name = (place: string) => `fb${process.pid}${place}`;

function build(names: Record<Place, string>) {
  for (const namespace of Object.values(names)) {
    output(["ip", "netns", "add", namespace]);
    output(["ip", "-n", namespace, "link", "set", "lo", "up"]);
  }
  const { mail } = names;
  ipIn(mail, `addr add ${MAIL.ipv4}/32 dev lo`, `-6 addr add ${MAIL.ipv6}/128 dev lo nodad`);
  connect(mail, names.attacker, ATTACKER);
  connect(mail, names.customer, CUSTOMER);
  const outside = outsideOf(mail);
  output(["ip", "link", "add", outside, "type", "veth", "peer", "name", "outside", "netns", mail]);
  output(["ip", "addr", "add", `${OUTSIDE}/30`, "dev", outside]);
  output(["ip", "link", "set", outside, "up"]);
  ipIn(mail, `addr add ${INSIDE}/30 dev outside`, "link set outside up");
}

const outsideOf = (mail: string) => `${mail}o`.slice(-15);

/** A link on which either side knows only the other's address, by link-local gateways for IPv6. */
function connect(mail: string, client: string, address: { ipv4: string; ipv6: string }) {
  const link = client.slice(-4);
  output(["ip", "-n", mail, "link", "add", link, "type", "veth", "peer", "name", "uplink", "netns", client]);
  ipIn(
    mail,
    `addr add fe80::1/64 dev ${link} nodad`,
    `link set ${link} up`,
    `route add ${address.ipv4} dev ${link}`,
  );
  ipIn(mail, `-6 route add ${address.ipv6} via fe80::2 dev ${link}`);
  ipIn(client, `addr add ${address.ipv4}/32 dev uplink`, `-6 addr add ${address.ipv6}/128 dev uplink nodad`);
  ipIn(
    client,
    "addr add fe80::2/64 dev uplink nodad",
    "link set uplink up",
    `route add ${MAIL.ipv4} dev uplink src ${address.ipv4}`,
  );
  ipIn(client, `-6 route add ${MAIL.ipv6} via fe80::1 dev uplink src ${address.ipv6}`);
}

function ipIn(namespace: string, ...commands: string[]) {
  for (const command of commands) output(["ip", "-n", namespace, ...command.split(" ")]);
}

function removeLink(link: string) {
  try {
    output(["ip", "link", "del", link]);
  } catch {
    // it was never made
  }
}

export function removeNamespace(namespace: string) {
  try {
    for (const pid of output(["ip", "netns", "pids", namespace]).split("\n"))
      if (pid !== "") process.kill(Number(pid), "SIGKILL");
    output(["ip", "netns", "del", namespace]);
  } catch {
    // it was never made
  }
}

/** Runs a command to its end and returns its stdout; throws where it fails. */
export function output([program, ...args]: string[]): string {
  return execFileSync(program!, args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}
