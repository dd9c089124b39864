/**
 * Lengths at which something on a line's way cuts it off: 1,024 bytes in RFC 3164's syslog, BSD's, musl's and busybox's,
 * 2,048 and 8,192 in rsyslog's and sysklogd's, 4,096 in syslog-ng's older ones. What is written for them varies (time, host),
 * so a line is looked at with suspicion a little before and behind.
 */
const LIMITS = [1024, 2048, 4096, 8192];
const BEFORE = 72;
const BEHIND = 48;

/** Whether a line of this length may have lost its end. Then what a client typed may stand where the address should. */
export function mayBeCut(length: number): boolean {
  return (
    length > LIMITS[0]! - BEFORE && LIMITS.some((limit) => length > limit - BEFORE && length < limit + BEHIND)
  );
}
