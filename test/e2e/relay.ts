/** `node relay.ts ADDRESS PORT`: a TCP connection on stdin and stdout; exit 1 where none comes about. */
import { connect } from "node:net";

const [, , host, port] = process.argv;
const socket = connect({ host: host!, port: Number(port) });
socket.on("error", () => process.exit(1));
process.stdin.pipe(socket).pipe(process.stdout);
