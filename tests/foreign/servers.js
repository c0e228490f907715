// Echo servers of libraries in JavaScript, for real_servers.rs of tests/it/check and tests/it/connect.
// The argument names the library. Two more name the PEM files of a certificate and its key, for TLS.
// The first line of the output is the version and the port.

const fs = require('fs');
const http = require('http');
const https = require('https');

const name = process.argv[2];
const versionOf = (library) => require(`${library}/package.json`).version;
const [cert, key] = process.argv.slice(3).map((file) => fs.readFileSync(file));
const refuse = (request, response) => {
  response.writeHead(426);
  response.end();
};
const server = cert ? https.createServer({ cert, key }, refuse) : http.createServer(refuse);

const servers = {
  ws() {
    const { WebSocketServer } = require('ws');
    const sockets = new WebSocketServer({ server, perMessageDeflate: { threshold: 0 } });
    sockets.on('connection', (socket) => {
      socket.on('error', () => {});
      socket.on('message', (data, isBinary) => socket.send(data, { binary: isBinary }));
    });
  },
  'faye-websocket'(extensions = []) {
    const WebSocket = require('faye-websocket');
    server.on('upgrade', (request, socket, body) => {
      socket.on('error', () => {});
      if (!WebSocket.isWebSocket(request)) {
        socket.end('HTTP/1.1 400 Bad Request\r\n\r\n');
        return;
      }
      const ws = new WebSocket(request, socket, body, [], { extensions });
      ws.on('message', (event) => ws.send(event.data));
      ws.on('error', () => {});
    });
  },
  'permessage-deflate'() {
    servers['faye-websocket']([require('permessage-deflate')]);
    return `${versionOf('faye-websocket')} with permessage-deflate ${versionOf('permessage-deflate')}`;
  },
  websocket() {
    const { server: Server } = require('websocket');
    const sockets = new Server({ httpServer: server, autoAcceptConnections: false });
    sockets.on('request', (request) => {
      const connection = request.accept(null, request.origin);
      connection.on('error', () => {});
      connection.on('message', (message) => {
        if (message.type === 'utf8') {
          connection.sendUTF(message.utf8Data);
        } else {
          connection.sendBytes(message.binaryData);
        }
      });
    });
  },
};

const version = servers[name]() ?? versionOf(name);
server.listen(0, '127.0.0.1', () => console.log(version, server.address().port));
