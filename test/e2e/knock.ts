/** `node knock.ts FROM ADDRESS PORT…`: opens connections from an own address and prints the ports where one comes about within two seconds. */
import { connect } from "node:net";

const [, , localAddress, host, ...ports] = process.argv;
for (const port of ports) {
  const socket = connect({ host: host!, port: Number(port), localAddress: localAddress! });
  socket.setTimeout(2000, () => socket.destroy());
  socket.on("error", () => undefined);
  socket.on("connect", () => {
    console.log(port);
    socket.destroy();
  });
}
