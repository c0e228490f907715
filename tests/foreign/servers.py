"""Echo servers of libraries in Python, for real_servers.rs of tests/it/check and tests/it/connect.

The argument names the library. Two more name the PEM files of a certificate and its key: websockets,
aiohttp and tornado speak TLS with them. The first line of the output is the version and the port.
"""

import asyncio
import importlib.metadata
import socket
import ssl
import sys


def report(package, port, protocol=None):
    version = importlib.metadata.version(package)
    if protocol:
        version += f" with {protocol} {importlib.metadata.version(protocol)}"
    print(version, port, flush=True)


def tls():
    if len(sys.argv) < 4:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(sys.argv[2], sys.argv[3])
    return context


async def websockets_server():
    from websockets.asyncio.server import serve

    async def echo(connection):
        async for message in connection:
            await connection.send(message)

    async with serve(echo, "127.0.0.1", 0, ssl=tls()) as server:
        report("websockets", server.sockets[0].getsockname()[1])
        await server.serve_forever()


async def aiohttp_server():
    from aiohttp import WSMsgType, web

    async def echo(request):
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        async for message in socket:
            if message.type == WSMsgType.TEXT:
                await socket.send_str(message.data)
            elif message.type == WSMsgType.BINARY:
                await socket.send_bytes(message.data)
        return socket

    app = web.Application()
    app.router.add_get("/", echo)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=tls())
    await site.start()
    report("aiohttp", runner.addresses[0][1])
    await asyncio.Event().wait()


async def tornado_server():
    from tornado import httpserver, netutil, web, websocket

    class Echo(websocket.WebSocketHandler):
        def get_compression_options(self):
            return {}

        def check_origin(self, origin):
            return True

        def on_message(self, message):
            self.write_message(message, binary=isinstance(message, bytes))

    sockets = netutil.bind_sockets(0, "127.0.0.1")
    app = web.Application([("/", Echo)])
    httpserver.HTTPServer(app, ssl_options=tls()).add_sockets(sockets)
    report("tornado", sockets[0].getsockname()[1])
    await asyncio.Event().wait()


async def asgi(scope, receive, send):
    """An echo for uvicorn and hypercorn."""
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    if scope["type"] == "http":
        await send({"type": "http.response.start", "status": 426, "headers": []})
        await send({"type": "http.response.body", "body": b""})
        return
    while (event := await receive())["type"] != "websocket.disconnect":
        if event["type"] == "websocket.connect":
            await send({"type": "websocket.accept"})
        elif event.get("bytes") is not None:
            await send({"type": "websocket.send", "bytes": event["bytes"]})
        else:
            await send({"type": "websocket.send", "text": event["text"]})


def bound():
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", 0))
    return listener


async def uvicorn_server(protocol):
    import uvicorn

    listener = bound()
    config = uvicorn.Config(asgi, ws=protocol, log_level="critical", lifespan="off")
    server = uvicorn.Server(config)
    report("uvicorn", listener.getsockname()[1], protocol)
    await server.serve(sockets=[listener])


async def hypercorn_server():
    from hypercorn.asyncio import serve
    from hypercorn.config import Config

    listener = bound()
    config = Config()
    config.bind = [f"fd://{listener.fileno()}"]
    config.loglevel = "CRITICAL"
    report("hypercorn", listener.getsockname()[1], "wsproto")
    await serve(asgi, config)


SERVERS = {
    "websockets": websockets_server,
    "aiohttp": aiohttp_server,
    "tornado": tornado_server,
    "uvicorn-websockets": lambda: uvicorn_server("websockets"),
    "uvicorn-wsproto": lambda: uvicorn_server("wsproto"),
    "hypercorn": hypercorn_server,
}

asyncio.run(SERVERS[sys.argv[1]]())
