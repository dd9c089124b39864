/**
 * A starter list of networks that are usually shared: one address of theirs speaks for many people, or for a service
 * that somebody asked to look. Off until the policy names an entry in `shared.starter`. Such networks change: each entry
 * says who publishes them, when that was stated, and from when on somebody should look again.
 */
import type { EpochSeconds } from "../parse/event.ts";
import type { Network } from "./decision.ts";

export interface StarterEntry {
  what: string;
  /** Where its owner publishes the networks. */
  source: string;
  /** Where they were read, if elsewhere. */
  read: string;
  /** The day at which they were so. */
  stated: string;
  /** The day from which on `policy check` warns. */
  review: string;
  networks: Network[];
}

export const STARTER: Readonly<Record<string, StarterEntry>> = {
  gmail: {
    what: "Gmail fetching mail from other accounts and sending as them; one address for many users",
    source: "https://support.google.com/a/answer/27642 (SPF of _spf.google.com)",
    read: "https://github.com/MISP/misp-warninglists, lists/google-gmail-sending-ips, version 20261014",
    stated: "2026-10-14",
    review: "2027-04-14",
    networks: words(`
      74.125.0.0/16 209.85.128.0/17 2001:4860:4864::/56 2404:6800:4864::/56 2607:f8b0:4864::/56 2800:3f0:4864::/56
      2a00:1450:4864::/56 2c0f:fb50:4864::/56`),
  },
  "outlook-mobile": {
    what: "Outlook for iOS and Android, whose mailboxes Microsoft's servers log in to",
    source: "https://learn.microsoft.com/microsoft-365/enterprise/additional-office365-ip-addresses-and-urls",
    read: "Microsoft's documentation repositories, page on hybrid modern authentication",
    stated: "2026-11-24",
    review: "2027-05-24",
    networks: words("52.125.128.0/20 52.127.96.0/23"),
  },
  zscaler: {
    what: "Zscaler's proxies, behind which companies' employees share addresses (IPv4)",
    source: "https://config.zscaler.com/api/zscaler.net/hubs/cidr/json/recommended",
    read: "https://github.com/MISP/misp-warninglists, lists/zscaler, commit 154896d7 of October 2026",
    stated: "2026-10-14",
    review: "2027-04-14",
    networks: words(`
      101.2.192.0/18 104.129.192.0/20 112.196.99.180 136.226.0.0/16 137.31.0.0/16 137.83.128.0/18 147.161.128.0/17
      159.254.0.0/16 165.225.0.0/17 165.225.192.0/18 167.103.0.0/16 167.106.0.0/16 170.85.0.0/16 175.107.128.0/18
      185.46.212.0/22 194.9.96.0/20 194.9.112.0/22 194.9.116.0/24 198.14.64.0/18 199.168.148.0/24 205.220.0.0/17
      209.55.128.0/18 209.55.192.0/19 213.152.228.0/24 216.52.207.64/26 216.218.133.192/26`),
  },
  pingdom: {
    what: "Pingdom's probes, which check POP3, IMAP and SMTP for their customers (IPv4)",
    source: "https://my.pingdom.com/probes/ipv4",
    read: "https://github.com/rezmoss/cloud-provider-ip-addresses, pingdom (CC0 1.0)",
    stated: "2026-06-18",
    review: "2026-12-18",
    networks: words(`
      13.232.220.164 23.22.2.46 23.83.129.219 23.92.127.2 23.106.37.99 23.111.152.74 23.111.159.174 43.225.198.122
      43.229.84.12 46.20.45.18 46.246.122.10 50.16.153.186 52.0.204.16 52.24.42.103 52.48.244.35 52.52.34.158
      52.52.95.213 52.52.118.192 52.57.132.90 52.59.46.112 52.59.147.246 52.62.12.49 52.63.142.2 52.63.164.147
      52.63.167.55 52.67.148.55 52.73.209.122 52.89.43.70 52.194.115.181 52.197.31.124 52.197.224.235 52.198.25.184
      52.201.3.199 52.209.34.226 52.209.186.226 52.210.232.124 54.68.48.199 54.70.202.58 54.94.206.111 64.237.49.203
      64.237.55.3 66.165.229.130 66.165.233.234 72.46.130.18 72.46.131.10 76.164.234.106 76.164.234.130 82.103.136.16
      82.103.139.165 82.103.145.126 85.195.116.134 89.163.146.247 89.163.242.206 94.75.211.73 94.75.211.74
      94.247.174.83 103.47.211.210 108.181.70.3 141.125.89.147 148.72.170.233 148.72.171.17 151.106.52.134
      158.175.95.9 162.218.67.34 162.253.128.178 167.17.67.101 168.1.203.46 169.44.155.138 169.51.2.18 169.54.70.214
      169.63.150.216 172.241.112.86 173.248.147.18 174.34.156.130 175.45.132.20 177.47.99.26 178.162.206.244
      179.50.12.212 184.75.210.90 184.75.210.226 184.75.214.66 184.75.214.98 185.39.146.214/31 185.70.76.23
      185.93.3.65 185.136.156.82 185.152.65.167 185.180.12.65 185.246.208.82 190.120.230.7 196.240.207.18
      196.244.191.18 196.245.151.42 199.87.228.66 200.58.101.248 207.244.80.239 209.58.139.193 209.58.139.194`),
  },
};

/** @param names of entries */
export function starterNetworks(names: readonly string[]): Network[] {
  return names.flatMap((name) => STARTER[name]!.networks);
}

/** What somebody should look at again: a sentence for each entry that is older than it should be. */
export function staleStarters(names: readonly string[], now: EpochSeconds): string[] {
  return names.flatMap((name) => {
    const { stated, review, source } = STARTER[name]!;
    if (now < Date.parse(review) / 1000) return [];
    return [`shared.starter ${name}: its networks are those of ${stated}; look at ${source}`];
  });
}

function words(text: string): Network[] {
  return text.trim().split(/\s+/);
}
