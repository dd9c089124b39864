import { type Machines, machinesIn, output, removeNamespace } from "./network.ts";

/**
 * Each machine with its addresses, IPv4 and IPv6. One bridge joins them, in a namespace of its own, and all routes lead to it:
 * nothing of this is to be seen from the machine that the test runs on.
 */
export function createInternet<Place extends string>(
  machines: Record<Place, readonly string[]>,
): Machines<Place> {
  const name = (place: string) => `fb${process.pid}-${place}`;
  const places = Object.keys(machines) as Place[];
  const names = Object.fromEntries(places.map((place) => [place, name(place)])) as Record<Place, string>;
  const internet = machinesIn(names, () => removeNamespace(name("bridge")));
  try {
    addNamespace(name("bridge"), "link add bridge type bridge", "link set bridge up");
    for (const place of places) connect(name("bridge"), names[place], machines[place]);
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
