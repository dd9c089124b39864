/**
 * Reads fail2ban's jail.conf and jail.local into a policy. Format: Python's ConfigParser, later files over earlier
 * ones, `[jail]` over `[DEFAULT]`; jail.conf(5) of fail2ban 1.0. Durations as fail2ban's server/utils `str2seconds`.
 */
import { parseAddress } from "../parse/address.ts";
import { durationText, type Seconds } from "./duration.ts";
import { fail2banSeconds } from "./fail2ban-duration.ts";
import { type IniFile, lookUp, readSections, type Sections } from "./fail2ban-file.ts";
import { BadNetwork, networkOf, networkText, parseNetwork } from "./network.ts";
import { defaultPolicy } from "./policy.ts";

export interface Imported {
  /** What policy.json would hold: only what the files say. */
  policy: Record<string, unknown>;
  /** What has no counterpart or was changed, a line each. */
  remarks: string[];
}

/** Sections whose jails read mail logs, in the order in which they are looked at. */
const MAIL_JAILS = [
  "dovecot",
  "postfix-sasl",
  "postfix",
  "sieve",
  "exim",
  "cyrus-imap",
  "courier-auth",
  "sendmail-auth",
];

/** The policy that comes nearest to what the mail jails do. `files` in fail2ban's order: jail.conf, jail.local, jail.d. */
export function importFail2ban(files: readonly IniFile[]): Imported {
  const sections = readSections(files);
  const enabled = MAIL_JAILS.filter((jail) => isTrue(sections.get(jail)?.get("enabled")));
  const remarks: string[] = [];
  const settings = settingsOf(sections, enabled, remarks);
  const policy = {
    ...windows(settings, remarks),
    ...increments(settings, remarks),
    ...ignored(settings.get("ignoreip"), remarks),
  };
  remarks.push(...withoutCounterpart(files), ...skippedJails(sections, enabled));
  return { policy, remarks };
}

type Settings = ReadonlyMap<string, string>;

/** `[DEFAULT]`, and over it what the mail jails say; where they differ, the strictest. */
function settingsOf(sections: Sections, jails: readonly string[], remarks: string[]): Settings {
  const settings = new Map(sections.get("DEFAULT") ?? []);
  for (const key of ["maxretry", "findtime", "bantime"]) {
    const own = jails.flatMap((jail) => {
      const value = lookUp(sections, jail, key);
      return value === undefined ? [] : [{ jail, value }];
    });
    if (own.length === 0) continue;
    const values = new Set(own.map(({ value }) => value));
    if (values.size > 1)
      remarks.push(
        `${key}: jails differ (${own.map((o) => `${o.jail} ${o.value}`).join(", ")}); there is one policy for all: ${own[0]!.jail}'s is taken`,
      );
    settings.set(key, own[0]!.value);
  }
  return settings;
}

function windows(settings: Settings, remarks: string[]): Record<string, unknown> {
  const policy: Record<string, unknown> = {};
  const maxretry = settings.get("maxretry");
  if (maxretry !== undefined) {
    if (/^[1-9]\d{0,5}$/.test(maxretry)) policy.maxretry = Number(maxretry);
    else remarks.push(`maxretry = ${maxretry}: is no number; left out`);
  }
  const findtime = durationOf("findtime", settings, remarks);
  if (findtime !== undefined) {
    const hours = Math.min(Math.max(Math.ceil(findtime / 3600), 1), 720);
    if (hours * 3600 !== findtime)
      remarks.push(`findtime = ${settings.get("findtime")}: attempts are counted by the hour; ${hours}h`);
    policy.findtime = durationText(hours * 3600);
  }
  const bantime = durationOf("bantime", settings, remarks);
  if (bantime !== undefined) policy.bantime = bounded("bantime", bantime, remarks);
  return policy;
}

const LONGEST: Seconds = 3650 * 86_400;

function bounded(key: string, seconds: Seconds, remarks: string[]): string {
  if (seconds >= 60 && seconds <= LONGEST) return durationText(seconds);
  const nearest = seconds < 0 || seconds > LONGEST ? LONGEST : 60;
  remarks.push(
    `${key}: ${seconds < 0 ? "for ever" : `${seconds} s`} is not possible; ${durationText(nearest)}`,
  );
  return durationText(nearest);
}

function increments(settings: Settings, remarks: string[]): Record<string, unknown> {
  if (!isTrue(settings.get("bantime.increment"))) {
    // without increments the first ban is the longest
    const bantime = durationOf("bantime", settings, []);
    return bantime === undefined
      ? {}
      : { bantimeIncrement: { factor: 1, max: bounded("bantime", bantime, []) } };
  }
  for (const key of ["formula", "multipliers"]) {
    if (settings.has(`bantime.${key}`))
      remarks.push(`bantime.${key}: here each further day with an offence multiplies by factor; 2 is taken`);
  }
  const factor = settings.get("bantime.factor");
  if (factor !== undefined && factor !== "1")
    remarks.push(
      `bantime.factor = ${factor}: scales fail2ban's formula; here the ban doubles each day with an offence`,
    );
  const max = durationOf("bantime.maxtime", settings, remarks) ?? defaultPolicy.bantimeIncrement.max;
  const bantime = durationOf("bantime", settings, []) ?? defaultPolicy.bantime;
  return {
    bantimeIncrement: { factor: 2, max: bounded("bantime.maxtime", Math.max(max, bantime), remarks) },
  };
}

function ignored(text: string | undefined, remarks: string[]): Record<string, unknown> {
  if (text === undefined) return {};
  const ignoreip: string[] = [];
  for (const word of text.split(/[\s,]+/).filter(Boolean)) {
    try {
      const network = parseNetwork(withoutHostBits(word));
      if (network.prefix === 0) remarks.push(`ignoreip ${word}: is the whole Internet; left out`);
      else ignoreip.push(networkText(network));
    } catch (error) {
      if (!(error instanceof BadNetwork)) throw error;
      remarks.push(
        `ignoreip ${word}: ${/^[a-z0-9-]+(?:\.[a-z0-9-]+)+$/i.test(word) ? "names are not looked up, give its addresses" : error.message}; left out`,
      );
    }
  }
  return { ignoreip };
}

/** fail2ban takes `127.0.0.1/8` for the network around it. */
function withoutHostBits(word: string): string {
  const [, address = "", prefix] = /^([0-9a-fA-F:.]{2,45})\/(\d{1,3})$/.exec(word) ?? [];
  const ip = parseAddress(address);
  if (ip === undefined || Number(prefix) > (ip.includes(":") ? 128 : 32)) return word;
  return networkText(networkOf(ip, { ipv4: Number(prefix), ipv6: Number(prefix) }));
}

/** Keys that a user may have set and would miss. */
const NO_COUNTERPART: Readonly<Record<string, string>> = {
  ignorecommand: "no command is run; use ignoreip, shared or unban",
  ignorecache: "nothing is looked up",
  ignoreself: "the fleet's own addresses are never banned anyway",
  "bantime.rndtime": "bans have no random part",
  "bantime.overalljails": "all services of all hosts count together anyway",
  banaction: "hosts choose ipset or nft in /etc/fleetban/fleetban.conf",
  banaction_allports: "hosts choose the ports in /etc/fleetban/fleetban.conf",
  action: "hosts apply the list; a report to a provider is a decision of its own (home)",
  port: "hosts choose the ports in /etc/fleetban/fleetban.conf",
  protocol: "only TCP is blocked",
  chain: "hosts have a rule of their own before all chains",
  usedns: "names in logs are never looked up",
  destemail: "there are alerts instead of mails",
  backend: "hosts ship logs; docs/host.md",
  maxmatches: "no log line is kept",
  mode: "all that a daemon's file reads is counted; probes by countProbes",
};

/** Of the files that users write; jail.conf has a value for everything. */
function withoutCounterpart(files: readonly IniFile[]): string[] {
  const own = readSections(files.filter(({ name }) => !/(?:^|\/)jail\.conf$/.test(name)));
  return [...own].flatMap(([section, settings]) =>
    Object.entries(NO_COUNTERPART)
      .filter(([key]) => settings.get(key))
      .map(([key, why]) => `[${section}] ${key} = ${settings.get(key)!.slice(0, 60)}: ${why}`),
  );
}

function skippedJails(sections: Sections, taken: readonly string[]): string[] {
  const others = [...sections].filter(
    ([name, own]) => isTrue(own.get("enabled")) && !taken.includes(name) && name !== "DEFAULT",
  );
  if (others.length === 0) return [];
  const names = others.map(([name]) => name).join(", ");
  return [`jails ${names}: only mail logins are read here; keep fail2ban for them`];
}

function durationOf(key: string, settings: Settings, remarks: string[]): Seconds | undefined {
  const text = settings.get(key);
  if (text === undefined) return undefined;
  const seconds = fail2banSeconds(text);
  if (seconds === undefined) remarks.push(`${key} = ${text}: is no duration; left out`);
  return seconds;
}

function isTrue(value: string | undefined): boolean {
  return value !== undefined && /^(?:true|yes|on|1)$/i.test(value);
}
