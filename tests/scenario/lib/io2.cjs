// SPDX-License-Identifier: MIT
//
// io2 - socket.io-client 2, which is itself the function that the later ones export by name.
exports.io = require('socket.io-client-2');
