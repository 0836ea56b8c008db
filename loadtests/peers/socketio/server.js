// Socket.IO 4 with its Redis adapter: what another node broadcasts arrives at every socket of this one.
//
//     node server.js PORT REDIS_URL
const { createServer } = require("node:http");
const { createAdapter } = require("@socket.io/redis-adapter");
const { createClient } = require("redis");
const { Server } = require("socket.io");

async function main() {
  const publisher = createClient({ url: process.argv[3] });
  const subscriber = publisher.duplicate();
  await Promise.all([publisher.connect(), subscriber.connect()]);
  const http = createServer();
  new Server(http, { adapter: createAdapter(publisher, subscriber), transports: ["websocket"], serveClient: false });
  http.listen({ port: Number(process.argv[2]), host: "127.0.0.1", backlog: 4096 });
}

main();
