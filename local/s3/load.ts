import { readdir, readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { CorruptDataError } from "../errors.ts";
import {
  objectFile,
  type Piece,
  pieceFile,
  type StoredObject,
  type Upload,
  type UploadedPart,
} from "./bucket.ts";
import { TEMPORARY } from "./durable.ts";

/**
 * Reads all objects of a bucket's folder and checks that their data are there, whole.
 * @throws CorruptDataError naming the first file that is not as this program writes it
 */
export async function loadObjects(dir: string): Promise<Map<string, StoredObject>> {
  const objects = new Map<string, StoredObject>();
  for (const name of await jsonFiles(join(dir, "objects"))) {
    const file = join(dir, "objects", name);
    const object = await readJson<StoredObject>(file, isObject);
    if (objectFile(dir, object.key) !== file) throw corrupt(file, "has not the name that goes with its key");
    await checkPieces(dir, file, object.pieces);
    objects.set(object.key, object);
  }
  return objects;
}

/**
 * Reads the multipart uploads that are under way. One whose data an object already names was completed by a
 * process that was killed before it could remove the upload: that is done now.
 * @throws CorruptDataError
 */
export async function loadUploads(
  dir: string,
  objects: Map<string, StoredObject>,
): Promise<Map<string, Upload>> {
  const owned = new Set([...objects.values()].flatMap(({ pieces }) => pieces.map(({ id }) => id)));
  const uploads = new Map<string, Upload>();
  for (const id of await readdir(join(dir, "uploads"))) {
    const upload = await loadUpload(dir, join(dir, "uploads", id));
    const done = upload === undefined || [...upload.parts.values()].some(({ piece }) => owned.has(piece.id));
    if (done) await rm(join(dir, "uploads", id), { recursive: true, force: true });
    else uploads.set(id, upload);
  }
  return uploads;
}

/** Undefined for a folder whose creation or removal was cut short. */
async function loadUpload(dir: string, folder: string): Promise<Upload | undefined> {
  const names = await jsonFiles(folder);
  if (!names.includes("upload.json")) return undefined;
  const upload = await readJson<Omit<Upload, "parts">>(join(folder, "upload.json"), isUpload);
  const parts = new Map<number, UploadedPart>();
  for (const name of names.filter((name) => name !== "upload.json")) {
    const part = await readJson<UploadedPart>(join(folder, name), isPart);
    await checkPieces(dir, join(folder, name), [part.piece]);
    parts.set(part.number, part);
  }
  return { ...upload, parts };
}

async function jsonFiles(folder: string): Promise<string[]> {
  return (await readdir(folder)).filter((name) => name.endsWith(".json") && !name.endsWith(TEMPORARY));
}

async function readJson<T>(file: string, isRight: (value: Record<string, unknown>) => boolean): Promise<T> {
  let value: unknown;
  try {
    value = JSON.parse(await readFile(file, "utf8"));
  } catch (cause) {
    throw corrupt(file, "is no JSON", cause);
  }
  if (typeof value !== "object" || value === null || !isRight(value as Record<string, unknown>)) {
    throw corrupt(file, "lacks members or has them of a wrong type");
  }
  return value as T;
}

async function checkPieces(dir: string, file: string, pieces: readonly Piece[]): Promise<void> {
  for (const { id, size } of pieces) {
    const found = await stat(pieceFile(dir, id)).catch(() => undefined);
    if (found?.size === size) continue;
    const problem = found ? `holds ${found.size} bytes instead of ${size}` : "is missing";
    throw corrupt(file, `belongs to data file ${id}, which ${problem}`);
  }
}

function corrupt(file: string, problem: string, cause?: unknown): CorruptDataError {
  return new CorruptDataError(
    file,
    problem,
    "restore it from a copy, or delete it to go on without that object",
    cause,
  );
}

function isObject(value: Record<string, unknown>): boolean {
  const { key, size, etag, modified, pieces } = value;
  return (
    typeof key === "string" &&
    typeof size === "number" &&
    typeof etag === "string" &&
    typeof modified === "number" &&
    Array.isArray(pieces) &&
    pieces.every(isPiece) &&
    isDescribed(value)
  );
}

function isUpload(value: Record<string, unknown>): boolean {
  return (
    typeof value.id === "string" &&
    typeof value.key === "string" &&
    typeof value.initiated === "number" &&
    isDescribed(value)
  );
}

function isPart(value: Record<string, unknown>): boolean {
  return typeof value.number === "number" && typeof value.etag === "string" && isPiece(value.piece);
}

function isDescribed({ headers, metadata }: Record<string, unknown>): boolean {
  return [headers, metadata].every((value) => typeof value === "object" && value !== null);
}

/** An id is checked like hostile input: it becomes a file name. */
function isPiece(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const { id, size } = value as Record<string, unknown>;
  return typeof id === "string" && /^[0-9a-f-]{36}$/.test(id) && typeof size === "number";
}
