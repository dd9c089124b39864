import type { ChildProcess } from "node:child_process";
import { kill, startChild } from "./child.ts";
import type { QueueAnswer, QueueRequest } from "./queue-process.ts";

type Asked = QueueRequest extends infer Request
  ? Request extends QueueRequest
    ? Omit<Request, "number">
    : never
  : never;

/** The queue's process, started again whenever it was killed. What was asked of a killed one is asked again. */
export interface ChaosQueue {
  ask(request: Asked): Promise<QueueAnswer>;
  kill(): Promise<void>;
  stop(): Promise<void>;
}

export async function startQueue(bundle: string, dir: string): Promise<ChaosQueue> {
  let child = await startChild(bundle, dir);
  let number = 0;
  const open = new Map<number, { request: QueueRequest; done: (answer: QueueAnswer) => void }>();
  const listen = (process: ChildProcess) =>
    process.on("message", (answer: QueueAnswer) => {
      open.get(answer.number)?.done(answer);
      open.delete(answer.number);
    });
  const tell = (request: QueueRequest) => {
    if (child.connected) child.send(request, () => {});
  };
  listen(child);
  const restart = async () => {
    await kill(child);
    child = await startChild(bundle, dir);
    listen(child);
    for (const { request } of open.values()) tell(request);
  };
  let restarting: Promise<void> | undefined;
  return {
    ask: (asked) =>
      new Promise((done) => {
        const request = { ...asked, number: number++ } as QueueRequest;
        open.set(request.number, { request, done });
        tell(request);
      }),
    // two that kill it at once would start two, where there must be one
    kill: () => {
      restarting ??= restart().finally(() => {
        restarting = undefined;
      });
      return restarting;
    },
    stop: () => kill(child),
  };
}
