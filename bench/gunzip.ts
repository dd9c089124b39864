/** What scan is measured against: Node's gunzip alone, with the chunks that scan uses. */
import { createReadStream } from "node:fs";
import { createGunzip } from "node:zlib";

createReadStream(process.argv[2] ?? "", { highWaterMark: 1 << 20 })
  .pipe(createGunzip({ chunkSize: 1 << 18 }))
  .resume();
