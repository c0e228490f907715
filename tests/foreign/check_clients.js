// Clients of libraries in JavaScript that run the cases of `wsctl check`, which
// tests/it/check/real_clients.rs starts. The arguments name the library and the URL of `--listen`;
// `--once` between them connects once, to the URL of `--exec`. `--version` in place of the URL
// prints the version.

const library = process.argv[2];
const url = process.argv.at(-1);
if (url === '--version') {
  const of = (name) => require(`${name}/package.json`).version;
  const special = {
    'permessage-deflate': () => `${of('faye-websocket')} with permessage-deflate ${of('permessage-deflate')}`,
  };
  console.log((special[library] ?? of)(library));
  process.exit();
}

// Each connects once, and calls `done` with the messages after the end.
const clients = {
  ws(target, echoes, done) {
    const WebSocket = require('ws');
    const messages = [];
    const client = new WebSocket(target, { maxPayload: 0 });
    client.on('message', (data, binary) => {
      messages.push(String(data));
      if (echoes) client.send(data, { binary });
    });
    client.on('error', () => {});
    client.on('close', () => done(messages));
  },
  // The WebSocket of Node itself.
  undici(target, echoes, done) {
    const { WebSocket } = require('undici');
    const messages = [];
    const client = new WebSocket(target);
    client.binaryType = 'arraybuffer';
    client.onmessage = (event) => {
      messages.push(event.data);
      if (echoes) client.send(event.data);
    };
    client.onclose = () => done(messages);
  },
  'permessage-deflate'(target, echoes, done) {
    clients['faye-websocket'](target, echoes, done, [require('permessage-deflate')]);
  },
  'faye-websocket'(target, echoes, done, extensions = []) {
    const { Client } = require('faye-websocket');
    const messages = [];
    const client = new Client(target, [], { extensions });
    client.on('message', (event) => {
      messages.push(String(event.data));
      if (echoes) client.send(event.data);
    });
    client.on('error', () => {});
    client.on('close', () => done(messages));
  },
  websocket(target, echoes, done) {
    const { client: Client } = require('websocket');
    const messages = [];
    const client = new Client({ maxReceivedFrameSize: 1 << 28, maxReceivedMessageSize: 1 << 28 });
    client.on('connectFailed', () => done(messages));
    client.on('connect', (connection) => {
      connection.on('message', (message) => {
        messages.push(message.utf8Data);
        if (!echoes) return;
        if (message.type === 'utf8') connection.sendUTF(message.utf8Data);
        else connection.sendBytes(message.binaryData);
      });
      connection.on('error', () => {});
      connection.on('close', () => done(messages));
    });
    client.connect(target);
  },
};

const connect = clients[library];
if (process.argv.includes('--once')) connect(url, true, () => process.exit());
else connect(`${url}getCaseCount`, false, ([count]) => {
  const next = (number) => {
    if (number > Number(count)) {
      connect(`${url}updateReports?agent=${library}`, false, () => process.exit());
      return;
    }
    connect(`${url}runCase?case=${number}&agent=${library}`, true, () => setImmediate(next, number + 1));
  };
  next(1);
});
