// A client of Node's ws: sends messages of all kinds and expects their echoes.
"use strict";
const assert = require("assert");
const { once } = require("events");
const WebSocket = require("ws");

async function checkEchoes(url, perMessageDeflate) {
  const client = new WebSocket(url, { perMessageDeflate });
  await once(client, "open");
  const echo = async (message, options) => {
    const answer = once(client, "message");
    client.send(message, options);
    const [data, isBinary] = await answer;
    assert.strictEqual(isBinary, Buffer.isBuffer(message));
    assert.ok(Buffer.from(message).equals(data), `${message}`.slice(0, 40));
  };
  const big = "你好 ".repeat(1 << 17);
  const bytes = Buffer.from([...Array(256).keys()]);
  for (const message of ["Hello", "", "你好, 😀", bytes, big, Buffer.from(big)]) {
    await echo(message);
  }
  const joined = once(client, "message");
  client.send("frag", { fin: false });
  client.send("ments, ", { fin: false });
  client.send("é");
  assert.strictEqual((await joined)[0].toString(), "fragments, é");
  const pong = once(client, "pong");
  client.ping("are you there?");
  assert.strictEqual((await pong)[0].toString(), "are you there?");
  const closed = once(client, "close");
  client.close(4001, "bye");
  assert.strictEqual((await closed)[0], 4001);
}

(async () => {
  const url = process.argv[2];
  for (const options of [false, true, { threshold: 0 }, { threshold: 0, clientNoContextTakeover: true }]) {
    await checkEchoes(url, options);
  }
  console.log("all echoed");
})().catch((error) => {
  console.error(error);
  process.exit(1);
});
