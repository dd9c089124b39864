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
    let place = Math.min(few.length, most - 1);
    for (; place > 0 && compare(one, few[place - 1]!) < 0; place--) few[place] = few[place - 1]!;
    few[place] = one;
  }
  return few;
}
