/** `node greeter.ts PORT…`: greets each connection and sends back what it gets; says on stdout when it listens, and who came. */
import { createServer } from "node:net";

for (const port of process.argv.slice(2)) {
  const server = createServer((socket) => {
    console.log(`connection from ${socket.remoteAddress}`);
    socket.on("error", () => undefined);
    socket.write("+OK\r\n");
    socket.pipe(socket);
  });
  server.listen(Number(port), "::", () => console.log(`listening on ${port}`));
}
