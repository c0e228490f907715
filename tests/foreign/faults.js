// What Node's ws shows of a server that does something wrong on purpose.
"use strict";
const WebSocket = require("ws");

const [, , url, manner] = process.argv;
// What is half a minute for a user is half a second here.
const isHasty = manner === "hurries" || manner === "stalls";
const client = new WebSocket(url, { closeTimeout: isHasty ? 500 : 20000 });
const shown = [];
let pong = manner === "pings" ? "no pong" : "no ping";
let message = "no message";

client.on("open", () => {
  if (manner === "pings") client.ping("hi");
  client.send("hello");
  if (manner === "stalls") setTimeout(() => client.close(), 500);
});
client.on("pong", (data) => {
  pong = data.toString() === "hi" ? "a pong" : "a pong with other data";
});
client.on("message", (data) => {
  message = `the message ${data}`;
  if (manner !== "waits") client.close(1000, "enough");
});
client.on("error", (error) => shown.push(error.message));
client.on("close", (code) => console.log([pong, message, ...shown, code].join("; ")));
