// Servers and answers by hand, to see what is really sent and what becomes of it.

import { once } from "node:events";
import { createServer } from "node:net";

/** A server of TCP that hands each connection over once a whole head of a request has come. */
export async function server(script) {
  const asked = [];
  const sockets = new Set();
  const listening = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    let head = "";
    socket.on("data", (bytes) => {
      const wasWhole = head.includes("\r\n\r\n");
      head += bytes.toString("latin1");
      if (wasWhole || !head.includes("\r\n\r\n")) return;
      asked.push(head);
      script(socket, asked.length);
    });
  });
  listening.listen(0, "127.0.0.1");
  await once(listening, "listening");
  return {
    url: `http://127.0.0.1:${listening.address().port}`,
    port: listening.address().port,
    asked,
    sockets,
    async close() {
      for (const socket of sockets) socket.destroy();
      listening.close();
      await once(listening, "close");
    },
  };
}

/** An answer, and the end of the connection. */
export function answer(body, status = "200 OK", headers = []) {
  const lines = [`HTTP/1.1 ${status}`, `Content-Length: ${Buffer.byteLength(body)}`, "Connection: close", ...headers];
  return (socket) => socket.end(`${lines.join("\r\n")}\r\n\r\n${body}`);
}

/** Waits until something holds. */
export async function until(holds, ms = 60_000) {
  const end = performance.now() + ms;
  while (!holds()) {
    if (performance.now() > end) throw new Error("it did not come about in time");
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
