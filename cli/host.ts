import { join, resolve } from "node:path";
import { isHostName } from "../functions/count/keys.ts";
import { addHost, connectStack } from "../local/connect.ts";
import { type Command, UsageError } from "./command.ts";
import { DEFAULT_DATA } from "./system.ts";

export const host: Command = {
  name: "host",
  operands: "add NAME",
  count: [2, 2],
  summary:
    "Lets a host ship its logs to an embedded system, and fetch its lists: prints the host's configuration.",
  details: `The lines belong into /etc/fleetban/fleetban.conf of the host, readable by root alone; its key may put new
logs under NAME/ and read the lists, nothing else. Adding a host again prints the same key.
On AWS hosts have a role or a user of their own: docs/aws.md.`,
  options: {
    local: {
      value: "DIR",
      optional: true,
      default: DEFAULT_DATA,
      help: "the embedded system whose data lie in DIR",
    },
    endpoint: { value: "URL", help: "where the host reaches it (default: where it listens now)" },
  },
  async run({ operands, options }, { stdout, stderr }) {
    const [verb, name = ""] = operands;
    if (verb !== "add") throw new UsageError(`host ${verb}: there is only host add NAME`);
    if (!isHostName(name))
      throw new UsageError(`host add ${name}: letters, digits, dots and dashes make a name`);
    const dir = options.local || DEFAULT_DATA;
    const { accessKeyId, secretAccessKey } = await addHost(dir, name);
    const endpoint = options.endpoint ?? (await connectStack(dir))?.deployment.endpoints?.s3;
    const lines = [
      `host = ${name}`,
      endpoint === undefined ? "#endpoint = http://ADDRESS:PORT" : `endpoint = ${endpoint}`,
      "logs-bucket = logs",
      "lists-bucket = lists",
      `access-key-id = ${accessKeyId}`,
      `secret-access-key = ${secretAccessKey}`,
    ];
    stdout.write(`${lines.join("\n")}\n`);
    const publicKey = join(resolve(dir), "signing-key.pub.pem");
    stderr.write(`and copy ${publicKey} to /etc/fleetban/keys.d/ of the host\n`);
    if (endpoint === undefined)
      stderr.write("no system is being served there now: fill in the endpoint yourself\n");
    return 0;
  },
};
