/**
 * Numbers of the addresses and users that logins name, of some logins at a time: the tables are larger than the processor's nearest
 * memory, and what it is told to fetch together comes together, while it waits for each that it is asked for alone.
 */
import {
  clients,
  locals,
  STATE,
  STATES,
  users,
  WAITING,
  WAITING_BYTES,
  WAITINGS,
  WHOSE,
} from "./block-memory.ts";
import { BESIDE, BESIDE_WIDTH } from "./login-batch.ts";
import { ENTRY, WIDTH } from "./login-entry.ts";
import {
  add,
  atLeast,
  type Code,
  equal,
  type Func,
  FuncWriter,
  giveBack,
  greater,
  int,
  less,
  loopWhile,
  lower,
  mul,
  shiftRight,
  store,
  sub,
  when,
  wordAt,
  xor,
} from "./wasm.ts";

/**
 * A function of the ends of those that wait, of their entries and of what stands beside them: completes the entries, up to the first
 * whose client or server's address gets no number, and gives how many that leaves. Whom a line names is asked for as the parser
 * would, line by line, so that addresses and users are numbered in the same order.
 */
export const loginNaming: Func = naming();

function naming(): Func {
  const writer = new FuncWriter(3);
  const [end, entry, beside] = [writer.param(0), writer.param(1), writer.param(2)];
  const [at, fetched, number] = [writer.local(), writer.local(), writer.local()];
  const field = (name: keyof typeof WAITING) => wordAt(at.get, WAITING[name]);
  const entryField = (name: keyof typeof ENTRY) => wordAt(entry.get, ENTRY[name] * 4);
  const besideField = (name: keyof typeof BESIDE) => wordAt(beside.get, BESIDE[name] * 4);
  const setBeside = (name: keyof typeof BESIDE, value: Code) => store(beside.get, BESIDE[name] * 4, value);
  const setEntry = (name: keyof typeof ENTRY, value: Code) => store(entry.get, ENTRY[name] * 4, value);
  const left = shiftRight(sub(end.get, at.get), int(Math.log2(WAITING_BYTES)));
  const client = add(at.get, int(WAITING.CLIENT));
  const each = (body: Code): Code => [
    at.set(int(WAITINGS)),
    loopWhile(less(at.get, end.get), [body, at.add(WAITING_BYTES)]),
  ];
  // that nobody needs what was fetched must not be seen
  const fetch = (word: Code) => fetched.set(xor(fetched.get, word));
  writer.body = [
    each([fetch(clients.fetchPlace(client)), fetch(users.fetchPlace(field("USER_HASH")))]),
    each(fetch(users.fetchText(field("USER_HASH")))),
    store(int(STATES), STATE.FETCHED * 4, fetched.get),
    at.set(int(WAITINGS)),
    entry.add(mul(left, int(-WIDTH * 4))),
    beside.add(mul(left, int(-BESIDE_WIDTH * 4))),
    each([
      number.set(clients.numberBy(client, field("CLIENT_FROM"), field("CLIENT_TO"))),
      when(less(number.get, int(0)), giveBack(left)),
      setEntry("ADDRESS", number.get),
      setBeside("LOCAL", int(-1)),
      when(atLeast(field("LOCAL_FROM"), int(0)), [
        number.set(locals.numberOf(field("LOCAL_FROM"), field("LOCAL_TO"))),
        when(less(number.get, int(0)), giveBack(left)),
        setBeside("LOCAL", number.get),
      ]),
      when(field("WHOSE"), [
        store(int(STATES), STATE.IS_PROPER * 4, equal(field("WHOSE"), int(WHOSE.PROPER))),
        number.set(users.numberBy(field("USER_HASH"), besideField("USER_FROM"), besideField("USER_TO"))),
        // a user who gets no number is nobody's
        when(
          greater(number.get, int(0)),
          setEntry("CODE_AND_USER", add(entryField("CODE_AND_USER"), number.get)),
        ),
      ]),
      when(
        lower(wordAt(int(STATES), STATE.NEWEST * 4), entryField("FIRST")),
        store(int(STATES), STATE.NEWEST * 4, entryField("FIRST")),
      ),
      entry.add(WIDTH * 4),
      beside.add(BESIDE_WIDTH * 4),
    ]),
    int(0),
  ];
  return writer;
}
