// Socket.IO, at the settings that suit it best here: WebSocket only, no compression, one process with its rooms in memory.
// GET /release/N tells everybody in room "room" of actor N. GET /collect collects garbage and answers the bytes of heap that live.

import { createServer } from "node:http";
import { createRequire } from "node:module";
import { Server } from "socket.io";

const require = createRequire(import.meta.url);
const HOUR_MILLIS = 3_600_000;
const BACKLOG = 4096;

const http = createServer((request, response) => {
  if (request.url.startsWith("/release/")) {
    release(request.url.slice("/release/".length));
    response.end("OK");
  } else if (request.url === "/collect") {
    globalThis.gc();
    response.end(String(process.memoryUsage().heapUsed));
  } else {
    response.writeHead(404).end();
  }
});
http.keepAliveTimeout = HOUR_MILLIS;

const io = new Server(http, {
  transports: ["websocket"],
  allowUpgrades: false,
  serveClient: false,
  perMessageDeflate: false,
  httpCompression: false,
  // As rarely as other servers answer polls in which nothing happened.
  pingInterval: 280_000,
  pingTimeout: 60_000,
});

// The request that opened a connection is kept as long as the connection is, for whoever wants to look at it.
io.engine.on("connection", (connection) => {
  connection.request = null;
});

io.on("connection", (socket) => {
  socket.on("join", (rooms, user, state, acknowledge) => {
    socket.data.user = user;
    socket.data.state = state;
    socket.data.seen = Date.now();
    socket.join(rooms);
    acknowledge();
  });
  socket.on("heartbeat", (acknowledge) => {
    socket.data.seen = Date.now();
    acknowledge();
  });
  socket.on("here-now", (room, withState, acknowledge) => acknowledge(hereNow(room, withState)));
});

// What fetchSockets() finds on one server, without the promise and the copy of each socket that it makes.
function hereNow(room, withState) {
  const uuids = [];
  for (const id of io.sockets.adapter.rooms.get(room) ?? []) {
    const { user, state } = io.sockets.sockets.get(id).data;
    uuids.push(withState ? { uuid: user, state } : user);
  }
  return { occupancy: uuids.length, uuids };
}

function release(number) {
  io.to("room").emit("event", {
    action: "state-change",
    timestamp: Math.floor(Date.now() / 1000),
    occupancy: 1,
    uuid: `actor-${number.padStart(6, "0")}`,
    data: { mood: "busy" },
  });
}

// ws takes bufferutil where it is there, and does without where it is not.
function hasBufferUtil() {
  try {
    require("bufferutil");
    return true;
  } catch {
    return false;
  }
}

http.listen({ host: "127.0.0.1", port: 0, backlog: BACKLOG }, () => {
  const versions = `Socket.IO ${require("socket.io/package.json").version} on Node ${process.versions.node}`;
  console.log(`${versions}, ${hasBufferUtil() ? "with" : "without"} bufferutil`);
  console.log(`listening on http://127.0.0.1:${http.address().port}`);
});
