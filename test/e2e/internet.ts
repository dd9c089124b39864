import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { output, removeNamespace } from "./network.ts";

/** Machines of a small internet, each a network namespace of its own with public addresses. */
export interface Internet<Place extends string> {
  /** A command line that runs another in a machine's namespace. */
  at(place: Place, command: readonly string[]): string[];
  /** Runs a command to its end and returns its stdout; throws where it fails. */
  exec(place: Place, ...command: string[]): string;
  start(place: Place, ...command: string[]): ChildProcessWithoutNullStreams;
  /** Ends all that runs there, and removes the machines. */
  remove(): void;
}

/**
 * Each machine with its addresses, IPv4 and IPv6. One bridge joins them, in a namespace of its own, and all routes lead to it:
 * nothing of this is to be seen from the machine that the test runs on.
 */
export function createInternet<Place extends string>(
  machines: Record<Place, readonly string[]>,
): Internet<Place> {
  const name = (place: string) => `fb${process.pid}-${place}`;
  const places = Object.keys(machines) as Place[];
  const started: ChildProcessWithoutNullStreams[] = [];
  const at = (place: Place, command: readonly string[]) => ["ip", "netns", "exec", name(place), ...command];
  const internet: Internet<Place> = {
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
      for (const place of [...places, "bridge"]) removeNamespace(name(place));
    },
  };
  try {
    addNamespace(name("bridge"), "link add bridge type bridge", "link set bridge up");
    for (const place of places) connect(name("bridge"), name(place), machines[place]);
  } catch (error) {
    internet.remove();
    throw error;
  }
  return internet;
}

function connect(bridge: string, machine: string, addresses: readonly string[]) {
  addNamespace(machine, "link set lo up");
  const port = `to-${machine}`.slice(-15);
  output(["ip", "-n", bridge, ...words(`link add ${port} type veth peer name uplink netns ${machine}`)]);
  output(["ip", "-n", bridge, ...words(`link set ${port} master bridge up`)]);
  for (const address of addresses)
    output(["ip", "-n", machine, ...words(`addr add ${address} dev uplink nodad`)].filter(fits(address)));
  for (const command of [
    "link set uplink up",
    "route add default dev uplink",
    "-6 route add default dev uplink",
  ])
    output(["ip", "-n", machine, ...words(command)]);
}

/** `nodad`: IPv6 addresses can be used at once. */
const fits = (address: string) => (word: string) => word !== "nodad" || address.includes(":");

function addNamespace(name: string, ...commands: string[]) {
  output(["ip", "netns", "add", name]);
  for (const command of commands) output(["ip", "-n", name, ...words(command)]);
}

const words = (command: string) => command.split(" ");
