/** A fenced block of a page. */
export interface Block {
  /** The nearest heading above it, without its marks. */
  heading: string;
  /** What stands after the fence: `sh` for what can be run as it stands, `text` for what cannot. */
  language: string;
  text: string;
}

export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = [];
  let heading = "";
  for (const [, title, language, text] of markdown.matchAll(/^#+ (.*)$|^```(\w*)\n([\s\S]*?)^```$/gm)) {
    if (title !== undefined) heading = title;
    else blocks.push({ heading, language: language!, text: text! });
  }
  return blocks;
}
