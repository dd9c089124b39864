/** Who talks to the mail host: attackers with the names they guess, customers, other mail servers. */
import { type Random, randomFrom } from "./random.ts";

export interface Client {
  ip: string;
  /** As Postfix writes it: the checked name, or `unknown`. */
  host: string;
}

export interface Customer extends Client {
  user: string;
}

export interface People {
  attacker(): Client;
  customer(): Customer;
  server(): Client;
  /** What an attacker types as user name. */
  guess(): string;
  /** The address of a mailbox here. */
  mailbox(): string;
}

const ATTACKERS = 20_000;
const CUSTOMERS = 4_000;
const SERVERS = 3_000;

export function peopleFrom(seed: number): People {
  const random = randomFrom(seed);
  const users = Array.from({ length: CUSTOMERS }, () => mailbox(random));
  // at home, and on the way
  const customers = users.flatMap((user) =>
    Array.from({ length: random.int(1, 4) }, () => customer(random, user)),
  );
  const attackers = Array.from({ length: ATTACKERS }, () => attacker(random));
  const servers = Array.from({ length: SERVERS }, () => server(random));
  return {
    attacker: () => attackers[random.heavyTailed(ATTACKERS)]!,
    customer: () => customers[Math.floor(customers.length * random.real() ** 2)]!,
    server: () => servers[random.heavyTailed(SERVERS)]!,
    guess: () => guess(random, users),
    mailbox: () => random.pick(users),
  };
}

function attacker(random: Random): Client {
  const ip = random.chance(0.03) ? ipv6(random) : ipv4(random);
  return {
    ip,
    host: random.chance(0.9)
      ? "unknown"
      : `${random.pick(["static", "vps", "ip"])}-${random.int(1, 9999)}.hosting.example`,
  };
}

function customer(random: Random, user: string): Customer {
  const ip = random.chance(0.1) ? ipv6(random) : ipv4(random);
  return {
    ip,
    user,
    host: random.chance(0.5) ? "unknown" : `dsl-${random.hex(6).toLowerCase()}.access.example.net`,
  };
}

function server(random: Random): Client {
  return { ip: ipv4(random), host: `mail${random.int(1, 30)}.${random.pick(LAST)}.example.com` };
}

/** A quarter of the guesses name a mailbox here, most are names from a list, a few are anything. */
function guess(random: Random, users: readonly string[]): string {
  const share = random.real();
  if (share < 0.25) return random.pick(users);
  if (share < 0.65) return random.pick(COMMON);
  if (share < 0.8) return `${random.pick(COMMON)}@${random.pick(DOMAINS)}`;
  if (share < 0.995) return mailbox(random);
  return random.pick(ODD);
}

function mailbox(random: Random): string {
  const first = random.pick(FIRST);
  const name = random.chance(0.6) ? `${first}.${random.pick(LAST)}` : `${first}${random.int(1, 100)}`;
  return `${name}@${random.pick(DOMAINS)}`;
}

function ipv4(random: Random): string {
  return `${random.pick(NETWORKS)}.${random.int(0, 256)}.${random.int(0, 256)}.${random.int(1, 255)}`;
}

/** No group is short, so that it is canonical as it is. */
function ipv6(random: Random): string {
  const groups = Array.from({ length: 7 }, () => random.int(0x1000, 0x10000).toString(16));
  return `${random.pick(["2001", "2400", "2600", "2804", "2a01", "2a02"])}:${groups.join(":")}`;
}

const NETWORKS = [
  ...[
    1, 2, 5, 14, 23, 27, 31, 36, 37, 41, 45, 46, 49, 58, 59, 61, 62, 64, 66, 77, 78, 79, 80, 81, 83, 84, 85,
    87, 88,
  ],
  ...[
    89, 91, 93, 94, 95, 101, 103, 109, 110, 113, 117, 120, 121, 122, 138, 141, 159, 167, 176, 178, 179, 180,
    185, 187,
  ],
  ...[188, 190, 193, 194, 195, 200, 201, 202, 210, 212, 213, 217, 218, 220, 221, 222],
];
const DOMAINS = ["example.org", "example.net", "example.jp", "shop.example", "club.example"];
const COMMON = [
  ...[
    "admin",
    "administrator",
    "info",
    "test",
    "sales",
    "support",
    "root",
    "office",
    "webmaster",
    "postmaster",
  ],
  ...[
    "contact",
    "user",
    "mail",
    "scan",
    "scanner",
    "backup",
    "billing",
    "noreply",
    "newsletter",
    "marketing",
    "hr",
  ],
  ...[
    "guest",
    "demo",
    "service",
    "accounting",
    "reception",
    "orders",
    "invoice",
    "fax",
    "printer",
    "spam",
    "abuse",
  ],
];
const FIRST = [
  ...[
    "alice",
    "bob",
    "carol",
    "david",
    "emma",
    "frank",
    "grace",
    "hiro",
    "ivan",
    "julia",
    "ken",
    "laura",
    "maria",
  ],
  ...[
    "nina",
    "oscar",
    "paul",
    "quentin",
    "rosa",
    "sakura",
    "tom",
    "ulla",
    "victor",
    "wei",
    "xavier",
    "yuki",
    "zoe",
  ],
  ...["john", "peter", "anna", "michael", "sarah", "taro", "jan", "lee", "omar", "fatima"],
];
const LAST = [
  ...[
    "smith",
    "jones",
    "garcia",
    "mueller",
    "tanaka",
    "sato",
    "kim",
    "chen",
    "ivanov",
    "rossi",
    "silva",
    "dubois",
  ],
  ...[
    "novak",
    "jensen",
    "kowalski",
    "haddad",
    "nguyen",
    "brown",
    "suzuki",
    "yamada",
    "fischer",
    "weber",
    "wagner",
  ],
  ...["martin", "lopez", "lee", "wilson", "taylor", "moore", "clark", "lewis", "walker", "hall", "young"],
];
/** Names that try to be read as something else, and some in other alphabets. */
const ODD = [
  "rip=192.0.2.1",
  "x>, method=PLAIN, rip=192.0.2.1",
  "root' OR 1=1--",
  "名前",
  "müller",
  "a b c",
  '"quoted"',
  "%s%n",
];
