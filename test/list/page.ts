import { readFileSync } from "node:fs";

const PAGE = new URL("../../docs/blocklist.md", import.meta.url);

/** The code block of docs/blocklist.md that holds a text, without its indentation, to be run as it stands there. */
export function codeOf(text: string): string {
  const blocks = readFileSync(PAGE, "utf8").matchAll(/^( *)```(?:sh)?\n(.*?)^ *```$/gms);
  for (const [, indent = "", code = ""] of blocks) {
    if (code.includes(text)) return code.replaceAll(new RegExp(`^${indent}`, "gm"), "");
  }
  throw new Error(`docs/blocklist.md has no code block with ${JSON.stringify(text)}`);
}
