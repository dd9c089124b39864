/** The folder is held by another process that runs the embedded stack. */
export class StackRunningError extends Error {
  override name = "StackRunningError";
  readonly pid: number | undefined;

  constructor(dir: string, pid: number | undefined) {
    const who = pid === undefined ? "another process" : `process ${pid}`;
    super(`${dir} is in use by ${who}; stop it first, or use another folder`);
    this.pid = pid;
  }
}

/** A folder that holds something, but nothing of fleetban's: nothing is written there. */
export class ForeignFolderError extends Error {
  override name = "ForeignFolderError";

  constructor(dir: string) {
    super(`${dir} is not empty and is no data folder of fleetban; name an empty or a new folder`);
  }
}

/** Data written by a version of fleetban that stores them in another way. */
export class DataVersionError extends Error {
  override name = "DataVersionError";

  constructor(dir: string, found: string, known: string) {
    super(
      `${dir} holds data of version "${found}", this fleetban reads version "${known}"; update fleetban, or use another folder`,
    );
  }
}

/** A folder that cannot be made, read or written. */
export class UnusableFolderError extends Error {
  override name = "UnusableFolderError";

  constructor(dir: string, cause: unknown) {
    super(`cannot use ${dir} as data folder: ${reason(cause)}; name a folder that you may write to`, {
      cause,
    });
  }
}

/** A file or database of the data folder that cannot be read as what it is. */
export class CorruptDataError extends Error {
  override name = "CorruptDataError";

  constructor(path: string, problem: string, remedy: string, cause?: unknown) {
    super(`${path} ${problem}; ${remedy}`, { cause });
  }
}

/** The port cannot be listened on: another program does, or it is not for everybody (below 1024). */
export class PortError extends Error {
  override name = "PortError";

  constructor(host: string, port: number, cause: unknown) {
    super(
      `cannot listen on port ${port} of ${host}: ${reason(cause)}; stop what uses it, or choose another`,
      { cause },
    );
  }
}

/** The stack was stopped while somebody waited for its work. */
export class StackStoppedError extends Error {
  override name = "StackStoppedError";

  constructor(dir: string) {
    super(`the stack on ${dir} was stopped before its queue was empty; start again to go on`);
  }
}

/** The embedded database ended while the stack was running. */
export class DatabaseFailedError extends Error {
  override name = "DatabaseFailedError";

  constructor(dir: string, cause: unknown) {
    super(
      `the database in ${dir} failed: ${reason(cause)}; nothing is lost: start again when that is mended`,
      { cause },
    );
  }
}

/** A name that cannot be a host's: it becomes part of keys in S3 and of file names. */
export class HostNameError extends Error {
  override name = "HostNameError";

  constructor(name: string) {
    const shown = JSON.stringify(name.slice(0, 80));
    super(
      `${shown} is no host name; use letters, digits, dots, hyphens and underscores, a letter or digit first`,
    );
  }
}

/** What the system said, without the stack. */
function reason(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
