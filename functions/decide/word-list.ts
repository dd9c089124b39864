/** Words by number, each once: hosts, services and users repeat. */
export interface WordList {
  add(word: string): number;
  at(number: number): string;
}

export function createWordList(): WordList {
  const numbers = new Map<string, number>();
  const words: string[] = [];
  return {
    add: (word) => {
      const known = numbers.get(word);
      if (known !== undefined) return known;
      numbers.set(word, words.length);
      return words.push(word) - 1;
    },
    at: (number) => words[number]!,
  };
}
