// SPDX-License-Identifier: MIT
// The same server as the conformance program's profile `bench`, on Socket.IO for Node: node peer.js [CERTIFICATE KEY]
const { readFileSync } = require("fs");
const { Server } = require("socket.io");

const [cert, key] = process.argv.slice(2).map((file) => readFileSync(file));
const http = cert ? require("https").createServer({ cert, key }) : require("http").createServer();
const io = new Server(http, { perMessageDeflate: { threshold: 1024 } });
io.on("connection", (socket) => {
  socket.on("echo", (x, ack) => ack(x));
  socket.on("broadcast", (x) => io.emit("broadcast", x));
});
http.listen(0, "127.0.0.1", () => console.log(`listening on 127.0.0.1:${http.address().port}`));
