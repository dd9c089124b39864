import { type Bucket, getText, listObjects, putObject } from "../store/objects.ts";
import { type OutsideList, parseOutsideList } from "./outside-list.ts";

const PREFIX = "policy/lists/";

/** All outside lists, by name, those that have ended among them. @throws BadOutsideList */
export async function storedOutsideLists(lists: Bucket): Promise<OutsideList[]> {
  const found: OutsideList[] = [];
  for await (const { key } of listObjects(lists, PREFIX)) {
    const stored = await getText(lists, key);
    if (stored !== undefined) found.push(parseOutsideList(stored.text));
  }
  return found;
}

/** Puts a list in the place of the one of that name. */
export async function putOutsideList(lists: Bucket, list: OutsideList): Promise<void> {
  const text = `${JSON.stringify(list)}\n`;
  await putObject(lists, `${PREFIX}${list.name}.json`, text, { type: "application/json" });
}
