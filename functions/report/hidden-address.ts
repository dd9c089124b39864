import type { Counts } from "../count/history.ts";
import type { Address } from "../parse/event.ts";

/** One address to which most failed logins are put down, and from which users log in: a proxy that hides the others. */
export interface HiddenAddress {
  ip: Address;
  attempts: number;
  /** Of all attempts, 0 to 1. */
  share: number;
  successes: number;
}

/** Fewer tell nothing. */
const LEAST_ATTEMPTS = 20;

export interface HiddenSearch {
  /** What came from one address at the host, or the hosts, looked at; each address once. */
  add(ip: Address, counts: Pick<Counts, "attempts" | "successes">): void;
  /** Undefined where no address stands out. */
  found(): HiddenAddress | undefined;
}

export function startHiddenSearch(): HiddenSearch {
  let all = 0;
  let most: HiddenAddress | undefined;
  return {
    add(ip, { attempts, successes }) {
      all += attempts;
      if (attempts > (most?.attempts ?? 0)) most = { ip, attempts, share: 0, successes };
    },
    found() {
      if (most === undefined || most.attempts < LEAST_ATTEMPTS || most.successes === 0) return undefined;
      return most.attempts * 2 <= all ? undefined : { ...most, share: most.attempts / all };
    },
  };
}

/** What to do about it, by daemon. Sources: doc.dovecot.org (HAProxy, login_trusted_networks), postconf(5), nginx's ngx_mail_proxy_module. */
const MENDED_BY: Readonly<Record<string, string>> = {
  dovecot: "haproxy_trusted_networks with haproxy = yes on the listener, or login_trusted_networks",
  postfix: "smtpd_upstream_proxy_protocol = haproxy, or postscreen_upstream_proxy_protocol",
  exim: "hosts_proxy",
  nginx: "proxy_protocol on, or xclient on with smtpd_authorized_xclient_hosts in Postfix",
  roundcube: "proxy_whitelist, and the web server as trustedProxies in the policy",
};

export function hiddenAddressWarning(
  { ip, attempts, share, successes }: HiddenAddress,
  daemons: Iterable<string>,
): string {
  const percent = Math.round(share * 100);
  const settings = [...daemons]
    .flatMap((daemon) => (MENDED_BY[daemon] ? `${daemon}: ${MENDED_BY[daemon]}` : []))
    .sort();
  const mend = settings.length === 0 ? "" : `; the setting that shows the real one: ${settings.join("; ")}`;
  return `real address hidden? ${percent} % of the failed logins (${attempts}) come from ${ip}, from which users also log in (${successes} times): a proxy or webmail may stand before the server${mend}. Name it in trustedProxies of the policy until then`;
}
