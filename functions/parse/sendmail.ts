/**
 * Sendmail 8.12 to 8.18 (sendmail/srvrsmtp.c). The name is what a client typed and stands before `relay=`, so the last one
 * counts. `possible SMTP attack` tells once, when there were too many of a command, how many. Up to 8.12 a refusal
 * names no address; that stands in another line with the queue id, often later. No state is kept for it: those versions are
 * counted by `possible SMTP attack` alone, so a log can be cut anywhere.
 */
import { type Daemon, failure, means, nothing, probe, success, summaryFailure, unread } from "./daemon.ts";

/**
 * `name [address]`, `ident@name [address]`, `ident@[address]`, `[IPv6:2001:db8:0:0:0:0:0:1]`, and whether the name was looked up
 * both ways. Of what a client's ident server says only letters, digits and a few signs are left (daemon.c: getauthinfo).
 */
const RELAY = "{<name:sender> |<ident:sender>|}[{IPv6:|}<ip>]{ (may be forged)|}";

const FAILURE = "{<queue:queue>: }AUTH failure (<m:word>): ";

/** The name may be missing, but not the space behind it. */
const PREGREET = "{<name:host> | |}[{IPv6:|}<ip>]";

export const sendmail: Daemon = {
  name: "sendmail",
  programs: ["sendmail", "sm-mta", "sm-msa", "sm-msp", "sm-msp-queue", "sm-acceptingconnections"],
  service: () => "smtp",
  shapes: [
    ...means(success, [
      `{<queue:queue>: }AUTH=server, relay=${RELAY}, authid=<user:text>, mech=<m:word>, bits=<n:int>`,
    ]),
    ...means(failure, [
      `${FAILURE}generic failure (-1) SASL(-1): generic failure: All-whitespace username., user=<user:text>, relay=${RELAY}`,
    ]),
    // Trouble of our own, or a mechanism that is not there or not allowed without TLS
    nothing(
      `${FAILURE}{generic failure|no mechanism|remote authentication server unavailable|encryption needed|mechanism too weak|transient failure}<rest:note>`,
    ),
    ...means(failure, [`${FAILURE}<reason:note>, user=<user:text>, relay=${RELAY}`]),
    ...means(failure, [`${FAILURE}<reason:text>, relay=${RELAY}`]),
    ...means(summaryFailure, [
      `<queue:queue>: ${RELAY}: possible SMTP attack: command=AUTH, count=<attempts:int>`,
    ]),
    ...means(probe, [
      `{<queue:queue>: }rejecting commands from ${PREGREET} due to pre-greeting traffic after <n:int> seconds`,
      `<queue:queue>: ${RELAY}: possible SMTP attack: command={VRFY|EXPN|HELO/EHLO}, count=<n:int>`,
      // harvesting
      `<queue:queue>: ${RELAY}: {VRFY|EXPN|vrfy|expn|Vrfy|Expn} <typed:text> [rejected]`,
      `<queue:queue>: ${RELAY}: probable open proxy: command=<command:text>`,
    ]),
    unread("{<queue:queue>: }AUTH failure <any:note>"),
  ],
};
