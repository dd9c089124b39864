const COMPRESSION = /\.(?:gz|zst|bz2|xz)$/i;
const ROTATION = /(?:[.-](?:\d{1,3}|\d{8}(?:-\d{1,10})?|\d{4}-\d{2}-\d{2}|old))$/;

/**
 * The log's base name with compression and rotation suffixes stripped: `maillog-20261123.gz`, `maillog.2` and
 * `/var/log/maillog` are all `maillog`. Names as logrotate makes them (logrotate(8): numbers, dateext, `old`).
 */
export function logNameOf(path: string): string {
  const base = path.slice(path.lastIndexOf("/") + 1);
  const name = base.replace(COMPRESSION, "").replace(ROTATION, "");
  return (name === "" ? base : name).slice(0, MAX_LENGTH);
}

/** Part of every cell's key; a longer name would only cost. */
const MAX_LENGTH = 64;
