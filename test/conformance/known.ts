/** Servers that we have run the suite against. */
export type ServerName = "versitygw" | "moto";

/**
 * Where a server does otherwise than S3's documentation says, by the name of the check, with the page that says so.
 * A check that begins to pass fails the run until its line is removed here.
 */
export const knownDifferences: Record<ServerName, Record<string, string>> = {
  versitygw: {},
  moto: {},
};
