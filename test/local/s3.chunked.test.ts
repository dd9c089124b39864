import { buffer } from "node:stream/consumers";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { decodeChunks } from "../../local/s3/chunked.ts";
import { S3Error } from "../../local/s3/errors.ts";
import { signingKey } from "../../local/s3/signature.ts";
import { signedChunks, unsignedChunks } from "../conformance/chunks.ts";

const SCOPE = { date: "20130524", region: "us-east-1" };
/** The example of https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html: 65 KiB of "a". */
const EXAMPLE = {
  key: signingKey("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", SCOPE),
  scope: SCOPE,
  time: "20130524T000000Z",
  seed: "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
};
const DATA = Buffer.alloc(66_560, "a");
const HEAD = { path: "", headers: {}, chain: EXAMPLE };

describe("aws-chunked", () => {
  test("AWS's example decodes, and is what our encoder makes", async () => {
    const body = signedChunks({ data: DATA, chunkSize: 65_536 }, HEAD);
    expect(body.length).toBe(66_824);
    const text = body.toString("latin1");
    expect(text).toMatch(
      /^10000;chunk-signature=ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648\r\n/,
    );
    expect(text).toContain(
      "\r\n400;chunk-signature=0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497\r\n",
    );
    const { data } = await decode(body, { chain: EXAMPLE, trailer: false, decodedLength: DATA.length });
    expect(data.equals(DATA)).toBe(true);
  });

  test("however the bytes arrive, the same data and trailers come out", async () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 9_000 }), { minLength: 1, maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 40_000, minLength: 1 }), sizes, async (bytes, cuts) => {
        const data = Buffer.from(bytes);
        const body = unsignedChunks({
          data,
          chunkSize: 8_192,
          trailers: { "x-amz-checksum-crc32": "AAAAAA==" },
        });
        const chunking = { chain: undefined, trailer: true, decodedLength: data.length };
        const decoded = await decode(body, chunking, cuts);
        expect(decoded.data.equals(data)).toBe(true);
        expect([...decoded.trailers]).toEqual([["x-amz-checksum-crc32", "AAAAAA=="]]);
      }),
      { seed: 1, numRuns: 50 },
    );
  });

  const small = { chain: undefined, trailer: true, decodedLength: 5 };
  test.each([
    { why: "no chunk at all", body: "", code: "IncompleteBody" },
    { why: "no last chunk", body: "5\r\nhello\r\n", code: "IncompleteBody" },
    { why: "no end of the trailers", body: "5\r\nhello\r\n0\r\n", code: "IncompleteBody" },
    { why: "less data than announced", body: "4\r\nhell\r\n0\r\n\r\n", code: "IncompleteBody" },
    { why: "more data than announced", body: "6\r\nhello!\r\n0\r\n\r\n", code: "IncompleteBody" },
    { why: "a chunk longer than its header says", body: "5\r\nhello!\r\n0\r\n\r\n", code: "IncompleteBody" },
    { why: "bytes behind the end", body: "5\r\nhello\r\n0\r\n\r\nx", code: "IncompleteBody" },
    { why: "a size that is no number", body: "-5\r\nhello\r\n0\r\n\r\n", code: "IncompleteBody" },
    { why: "an endless header", body: "0".repeat(5_000), code: "IncompleteBody" },
    { why: "bare line feeds", body: "5\nhello\n0\n\n", code: "IncompleteBody" },
    {
      why: "a small chunk before another",
      body: "1\r\nh\r\n4\r\nello\r\n0\r\n\r\n",
      code: "InvalidChunkSizeError",
    },
    {
      why: "a trailer that is no header",
      body: "5\r\nhello\r\n0\r\nnonsense\r\n\r\n",
      code: "MalformedTrailerError",
    },
    {
      why: "trailers without end",
      body: `5\r\nhello\r\n0\r\n${"a:b\r\n".repeat(50)}\r\n`,
      code: "MalformedTrailerError",
    },
  ])("refuses $why", async ({ body, code }) => {
    expect(await refusal(decode(Buffer.from(body), small))).toBe(code);
  });

  test("refuses a trailer where none may be", async () => {
    const body = Buffer.from("5\r\nhello\r\n0\r\na:b\r\n\r\n");
    expect(await refusal(decode(body, { ...small, trailer: false }))).toBe("MalformedTrailerError");
  });

  test("refuses signed chunks with any byte of data or signature changed, or a signature left out", async () => {
    const body = signedChunks(
      { data: DATA, chunkSize: 65_536, trailers: { "x-amz-checksum-crc32": "AAAAAA==" } },
      HEAD,
    );
    const text = body.toString("latin1");
    const chunking = { chain: EXAMPLE, trailer: true, decodedLength: DATA.length };
    expect((await decode(body, chunking)).data.length).toBe(DATA.length);
    for (const changed of [
      text.replace("aaaa", "aaab"),
      text.replace(/chunk-signature=./, "chunk-signature=0"),
      text.replace(/\r\n0;chunk-signature=[0-9a-f]{64}/, "\r\n0"),
      text.replace(/^(10000);chunk-signature=[0-9a-f]{64}/, "$1"),
      text.replace("AAAAAA==", "BAAAAA=="),
      text.replace(
        /(x-amz-trailer-signature:.*)./,
        (_, kept: string) => `${kept}${text.at(-5) === "0" ? 1 : 0}`,
      ),
    ]) {
      expect(changed).not.toBe(text);
      expect(await refusal(decode(Buffer.from(changed, "latin1"), chunking))).toBe("SignatureDoesNotMatch");
    }
  });
});

/** The body in pieces of these sizes, over and over. */
async function* cut(body: Buffer, sizes: number[]): AsyncGenerator<Buffer> {
  for (let at = 0, turn = 0; at < body.length; turn++) {
    const size = sizes[turn % sizes.length]!;
    yield body.subarray(at, at + size);
    at += size;
  }
}

async function decode(
  body: Buffer,
  chunking: Parameters<typeof decodeChunks>[1],
  sizes = [body.length || 1],
) {
  const trailers = new Map<string, string>();
  const data = await buffer(decodeChunks(cut(body, sizes), chunking, trailers));
  return { data, trailers };
}

async function refusal(decoded: Promise<unknown>): Promise<string> {
  return await decoded.then(
    () => "taken",
    (error: unknown) => {
      if (error instanceof S3Error) return error.code;
      throw error;
    },
  );
}
