/** fail2ban's configuration files, in the format of Python's ConfigParser: what they say, the later over the earlier. */

export interface IniFile {
  name: string;
  text: string;
}

/** By section, by key in small letters. */
export type Sections = Map<string, Map<string, string>>;

/** `[section]`, `key = value` or `key: value`, indented lines go on; `#` and `;` begin comments. */
export function readSections(files: readonly IniFile[]): Sections {
  const sections = new Map<string, Map<string, string>>();
  for (const { text } of files) {
    let section: Map<string, string> | undefined;
    let key: string | undefined;
    for (const line of text.split(/\r?\n/)) {
      if (/^\s*(?:[#;]|$)/.test(line)) continue;
      const header = /^\[([^\]]{1,100})\]/.exec(line);
      if (header !== null) {
        section = sections.get(header[1]!) ?? new Map();
        sections.set(header[1]!, section);
        key = undefined;
      } else if (/^\s/.test(line) && key !== undefined) {
        section?.set(key, `${section.get(key)} ${withoutComment(line)}`);
      } else {
        const at = line.search(/[=:]/);
        if (at < 1) continue;
        key = line.slice(0, at).trim().toLowerCase();
        section?.set(key, withoutComment(line.slice(at + 1)));
      }
    }
  }
  return sections;
}

/** ConfigParser of fail2ban strips comments that follow a blank. */
function withoutComment(text: string): string {
  return text.replace(/\s[#;].*$/, "").trim();
}

/** What a section says about a key: itself, else `[DEFAULT]`; `%(name)s` is what `[DEFAULT]` says about that name. */
export function lookUp(sections: Sections, section: string, key: string): string | undefined {
  const value = sections.get(section)?.get(key) ?? sections.get("DEFAULT")?.get(key);
  const name = value === undefined ? undefined : /^%\((?:known\/)?([a-z.]{1,40})\)s$/i.exec(value)?.[1];
  return name === undefined ? value : sections.get("DEFAULT")?.get(name.toLowerCase());
}
