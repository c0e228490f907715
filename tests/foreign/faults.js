// Prints what Node's ws shows of a server with `--fault`.
"use strict";
const WebSocket = require("ws");

const [, , url, behavior] = process.argv;
// A timeout of half a second instead of half a minute.
const isImpatient = behavior === "hurries" || behavior === "stalls";
const client = new WebSocket(url, { closeTimeout: isImpatient ? 500 : 20000 });
const shown = [];
let pong = behavior === "pings" ? "no pong" : "no ping";
let message = "no message";

client.on("open", () => {
  if (behavior === "pings") client.ping("hi");
  client.send("hello");
  if (behavior === "stalls") setTimeout(() => client.close(), 500);
});
client.on("pong", (data) => {
  pong = data.toString() === "hi" ? "a pong" : "a pong with other data";
});
client.on("message", (data) => {
  message = `the message ${data}`;
  if (behavior !== "waits") client.close(1000, "enough");
});
client.on("error", (error) => shown.push(error.message));
client.on("close", (code) => console.log([pong, message, ...shown, code].join("; ")));
