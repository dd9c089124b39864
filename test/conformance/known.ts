/** Servers that we have run the suite against. */
export type ServerName = "versitygw" | "moto";

const DOCS = "https://docs.aws.amazon.com/AmazonS3/latest";
/** moto is made for tests of clients: it takes every request as rightly signed, and its body as unharmed. */
const UNCHECKED = `moto checks neither signatures nor bodies; ${DOCS}/API/sig-v4-authenticating-requests.html`;

/**
 * Where a server does otherwise than S3's documentation says, by the name of the check, with the page that says so.
 * A check that begins to pass fails the run until its line is removed here.
 */
export const knownDifferences: Record<ServerName, Record<string, string>> = {
  /** 1.8.0 with its posix backend, where keys are paths of files. */
  versitygw: {
    "a slash at the end, with data": `its folders hold no data; S3 has no folders: ${DOCS}/userguide/object-keys.html`,
    "dots and empty segments are nothing special": `refuses them, as paths; S3 has no paths: ${DOCS}/userguide/object-keys.html`,
    "a key and one below it": `a file cannot be a folder too; S3 has no folders: ${DOCS}/userguide/object-keys.html`,
    "1,024 bytes are the most": `takes longer ones; 1,024 bytes are the limit: ${DOCS}/userguide/object-keys.html`,
    "encoding-type=url encodes keys": `ignores the parameter: ${DOCS}/API/API_ListObjectsV2.html#API_ListObjectsV2_RequestSyntax`,
    "aws-chunked is how it travelled, not part of its Content-Encoding": `keeps it; S3 stores the object without: ${DOCS}/API/sigv4-streaming.html`,
    "a sender that hangs up in the middle leaves nothing": `stores what had come; S3 answers IncompleteBody: ${DOCS}/API/ErrorResponses.html`,
  },
  /** 5.2.5, moto[server]. */
  moto: {
    "1,024 bytes are the most": `takes longer ones; 1,024 bytes are the limit: ${DOCS}/userguide/object-keys.html`,
    "an ETag that matches wins over a date that does not": `looks at the date all the same: ${DOCS}/API/API_GetObject.html`,
    "aborted: no object, and the upload is gone": `answers UploadPart to no upload in HTML: ${DOCS}/API/ErrorResponses.html`,
    "an upload that never was: NoSuchUpload": `answers UploadPart to no upload in HTML: ${DOCS}/API/ErrorResponses.html`,
    "the checksums of the parts make that of the object": `lacks the count and the type: ${DOCS}/userguide/checking-object-integrity-upload.html`,
    "parts out of order: InvalidPartOrder": `takes them: ${DOCS}/API/API_CompleteMultipartUpload.html`,
    ...Object.fromEntries(
      [
        "refused: a body other than x-amz-content-sha256 says",
        "refused: without x-amz-content-sha256",
        "refused: a body other than Content-MD5 says",
        "refused: a Content-MD5 that is none",
        "refused: a body other than x-amz-checksum-crc32 says",
        "refused: a body other than x-amz-checksum-sha256 says",
        "refused: chunks with a wrong CRC32 trailer",
        "refused: chunks without the trailer that was announced",
        "refused: a chunk changed on the way",
        "refused: chunks that hold less than was announced",
        "expired: 403",
        "for another key or another method: 403",
        "with a longer life than was signed: 403",
        "PUT with a header that was signed with another value: 403",
        "a wrong secret: SignatureDoesNotMatch",
        "an unknown access key: InvalidAccessKeyId",
        "no signature at all: AccessDenied",
        "a clock that is 20 minutes off: RequestTimeTooSkewed",
        "refused: a header x-amz-* that was not signed",
        "refused: a header changed after signing",
        "a wrong secret is refused",
      ].map((name) => [name, UNCHECKED]),
    ),
  },
};
