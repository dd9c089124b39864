import { createHmac } from "node:crypto";
import { join } from "node:path";
import { expect, test } from "vitest";
import { describeWith, HOST, run, SHELLS } from "./programs.ts";

/** AWS's example: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, "GET Object". */
const EXAMPLE = `
access_key_id=AKIAIOSFODNN7EXAMPLE
secret_access_key=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY
region=us-east-1
empty=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
sigv4 GET /test.txt '' $empty 20130524T000000Z <<END
x-amz-date: 20130524T000000Z
host: examplebucket.s3.amazonaws.com
x-amz-content-sha256: $empty
range: bytes=0-9
END
`;
const SIGNED =
  "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/aws4_request," +
  "SignedHeaders=host;range;x-amz-content-sha256;x-amz-date," +
  "Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41\n";

for (const { shell, command } of SHELLS) {
  describeWith(["openssl", command[0]])(`sigv4 in ${shell}`, () => {
    const inShell = (script: string, input = "") =>
      run(
        [
          ...command,
          "-c",
          `set -eu; . "${join(HOST, "lib/common.sh")}"; . "${join(HOST, "lib/sigv4.sh")}"; ${script}`,
        ],
        { input },
      );

    test("signs AWS's own example as AWS does", async () => {
      expect(await inShell(EXAMPLE)).toEqual({ code: 0, stdout: SIGNED, stderr: "" });
    });

    test.each([1, 20, 63, 64, 65, 131])(
      "makes the HMAC under a key of %d bytes (RFC 2104)",
      async (length) => {
        const key = Buffer.from(Array.from({ length }, (_, index) => (index * 37) % 256));
        const mac = createHmac("sha256", key).update("Test With Any Key Size").digest("hex");
        const { stdout } = await inShell(`hmac ${key.toString("hex")}`, "Test With Any Key Size");
        expect(stdout).toBe(`${mac}\n`);
      },
    );
  });
}
