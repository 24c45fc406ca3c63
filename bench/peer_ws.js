// SPDX-License-Identifier: MIT
// The same frames as peer.js, on the ws module alone: WebSocket without Socket.IO.
const { WebSocketServer } = require("ws");

const server = new WebSocketServer({ port: 0, host: "127.0.0.1", perMessageDeflate: false }, () =>
  console.log(`listening on 127.0.0.1:${server.address().port}`));
server.on("connection", (socket) => {
  socket.on("message", (data) => {
    const text = data.toString();
    if (text.startsWith("421")) socket.send(`43${text.slice(2).replace('"echo",', "")}`);
    else for (const each of server.clients) each.send(text);
  });
});
