import { parentPort, workerData } from "node:worker_threads";
import { readerOf } from "../functions/count/log-reader.ts";
import { sifted } from "../functions/count/sift.ts";
import { bytesOf } from "./files.ts";
import {
  LineWriter,
  type LogToSift,
  PACKED,
  type SharedLines,
  type Sifted,
  UNPACKED,
} from "./shared-lines.ts";

const shared = workerData as SharedLines;
const port = parentPort!;

port.on("message", async (log: LogToSift) => port.postMessage(await sift(log)));

async function sift({ path, options }: LogToSift): Promise<Sifted> {
  const writer = new LineWriter(shared);
  const source = bytesOf(path, (bytes) => {
    shared.progress[PACKED]! += bytes;
  });
  const afterPiece = (bytes: number) => {
    shared.progress[UNPACKED] = bytes;
  };
  try {
    const read = sifted(readerOf(source));
    return await read({ ...options, afterPiece }, (bytes, start, end) => writer.write(bytes, start, end));
  } catch {
    // whoever reads it alone finds the same trouble, and tells
    return undefined;
  } finally {
    writer.pass();
  }
}
