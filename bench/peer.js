// SPDX-License-Identifier: MIT
// The same server as the conformance program's profile `bench`, on Socket.IO for Node.
const { createServer } = require("http");
const { Server } = require("socket.io");

const http = createServer();
const io = new Server(http);
io.on("connection", (socket) => {
  socket.on("echo", (x, ack) => ack(x));
  socket.on("broadcast", (x) => io.emit("broadcast", x));
});
http.listen(0, "127.0.0.1", () => console.log(`listening on 127.0.0.1:${http.address().port}`));
