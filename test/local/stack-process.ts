/** A stack in a process of its own, to be killed: `node stack-process.ts DIR`. Prints a line when it is up. */
import { startStack } from "../../local/stack.ts";
import { rowHandlers } from "./rows.ts";

const [dataDir = ""] = process.argv.slice(2);
const stack = await startStack({ dataDir, handlers: rowHandlers });
process.on("SIGTERM", () => void stack.stop());
console.log("up");
