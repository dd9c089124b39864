/**
 * What scan is measured against: Node's gunzip alone, with its output counted. `node bench/gunzip.ts FILE`; with a second
 * argument by larger pieces than Node's own, which are faster to hand around.
 */
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";

const [file = "", larger] = process.argv.slice(2);
const packed = createReadStream(file, larger ? { highWaterMark: 1 << 20 } : {});
let bytes = 0;
packed.pipe(createGunzip(larger ? { chunkSize: 1 << 18 } : {})).on("data", (piece: Buffer) => {
  bytes += piece.length;
});
process.on("exit", () => process.stdout.write(`${bytes}\n`));
