/** What V8 is told. Flags that it looks at whenever it decides, so that they can be set while it runs. */
import { setFlagsFromString } from "node:v8";

/**
 * Keeps V8 from giving more memory to new objects than it has given by now: it doubles what they have for each as many that live
 * on, up to 64 MB, and where most live on they gain nothing by it.
 */
export function stopGrowing(): void {
  setFlagsFromString("--semi-space-growth-factor=1");
}

/**
 * Keeps V8 from making objects in its old space that it takes for long-lived by where they are made. Under load it is wrong
 * about what is put together for each address: one run in ten over a million took 150 MB more.
 */
export function stopPretenuring(): void {
  setFlagsFromString("--no-allocation-site-pretenuring");
}

/**
 * Lets V8 compile for the third time, its best, only what runs for long. Of a command that is done in a second or two each function
 * is at its best when it is over, and until then compiling them takes a tenth of the processors' time.
 */
export function compileLess(): void {
  setFlagsFromString("--invocation-count-for-turbofan=100000");
}
