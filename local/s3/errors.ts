/**
 * HTTP status by error code, as in "List of error codes" of the Amazon S3 API reference
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html).
 */
const STATUS = {
  AccessDenied: 403,
  AuthorizationHeaderMalformed: 400,
  AuthorizationQueryParametersError: 400,
  BadDigest: 400,
  EntityTooLarge: 400,
  EntityTooSmall: 400,
  IncompleteBody: 400,
  InternalError: 500,
  InvalidAccessKeyId: 403,
  InvalidArgument: 400,
  InvalidChunkSizeError: 403,
  InvalidDigest: 400,
  InvalidPart: 400,
  InvalidPartOrder: 400,
  InvalidRange: 416,
  InvalidRequest: 400,
  InvalidToken: 400,
  InvalidURI: 400,
  KeyTooLongError: 400,
  MalformedTrailerError: 400,
  MalformedXML: 400,
  MetadataTooLarge: 400,
  MethodNotAllowed: 405,
  MissingContentLength: 411,
  NoSuchBucket: 404,
  NoSuchKey: 404,
  NoSuchUpload: 404,
  NotImplemented: 501,
  PreconditionFailed: 412,
  RequestTimeTooSkewed: 403,
  SignatureDoesNotMatch: 403,
  XAmzContentSHA256Mismatch: 400,
} as const satisfies Record<string, number>;

export type S3ErrorCode = keyof typeof STATUS;

/** A refusal as S3 words it; becomes the XML error document of the response. */
export class S3Error extends Error {
  override readonly name = "S3Error";
  readonly code: S3ErrorCode;
  readonly status: number;
  /** Further elements of the error document, such as `Key` or `Condition`. */
  readonly details: Record<string, string>;

  constructor(code: S3ErrorCode, message: string, details: Record<string, string> = {}) {
    super(message);
    this.code = code;
    this.status = STATUS[code];
    this.details = details;
  }
}

/** The address is taken by another process. */
export class PortInUseError extends Error {
  override readonly name = "PortInUseError";
  constructor(host: string, port: number, cause: unknown) {
    super(`port ${port} on ${host} is in use; stop the program that holds it or choose another port`, {
      cause,
    });
  }
}

/** The server cannot listen where it was told to. */
export class CannotListenError extends Error {
  override readonly name = "CannotListenError";
  constructor(host: string, port: number, cause: unknown) {
    super(
      `cannot listen on ${host} port ${port}: ${reasonOf(cause)}; give an address of this machine and a free port`,
      {
        cause,
      },
    );
  }
}

/** The folder for objects cannot be made or written. */
export class UnwritableFolderError extends Error {
  override readonly name = "UnwritableFolderError";
  constructor(dir: string, cause: unknown) {
    super(
      `cannot write in ${dir}: ${reasonOf(cause)}; choose another folder or give this user the right to write there`,
      {
        cause,
      },
    );
  }
}

/** A file in the folder is not what this program wrote. */
export class CorruptFolderError extends Error {
  override readonly name = "CorruptFolderError";
  constructor(file: string, problem: string, cause?: unknown) {
    super(
      `${file} is damaged: ${problem}; restore it from a copy, or delete it to go on without that object`,
      { cause },
    );
  }
}

/** A bucket name outside S3's rules. */
export class BucketNameError extends Error {
  override readonly name = "BucketNameError";
  constructor(name: string) {
    super(
      `"${name}" is no bucket name: 3 to 63 of a-z, 0-9, "-" and ".", beginning and ending with a letter or digit`,
    );
  }
}

function reasonOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
