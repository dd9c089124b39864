import { expect, test } from "vitest";
import { logNameOf } from "../../functions/count/log-name.ts";

test.each([
  ["/var/log/maillog", "maillog"],
  ["maillog.1", "maillog"],
  ["maillog.12.gz", "maillog"],
  ["maillog-20261123", "maillog"],
  ["maillog-20261123.xz", "maillog"],
  ["mail.log.2.gz", "mail.log"],
  ["mail.log-2026-11-23.zst", "mail.log"],
  ["mainlog.old", "mainlog"],
  ["dovecot.native", "dovecot.native"],
  ["mx2024", "mx2024"],
  [".1", ".1"],
])("%s is part of %s", (path, name) => {
  expect(logNameOf(path)).toBe(name);
});
