/** The first few of many, in order. The others are not put in order: they may be half a million. */
export function firstFew(
  numbers: readonly number[],
  most: number,
  compare: (a: number, b: number) => number,
): number[] {
  const few: number[] = [];
  for (let at = 0; at < numbers.length; at++) {
    const one = numbers[at]!;
    if (few.length === most && compare(one, few[most - 1]!) >= 0) continue;
    const place = placeOf(one, few, compare);
    for (let next = Math.min(few.length, most - 1); next > place; next--) few[next] = few[next - 1]!;
    few[place] = one;
  }
  return few;
}

/** Behind all that do not come after it. By halves: most compare by name. */
function placeOf(one: number, few: readonly number[], compare: (a: number, b: number) => number): number {
  let low = 0;
  let high = few.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compare(one, few[middle]!) < 0) high = middle;
    else low = middle + 1;
  }
  return low;
}
