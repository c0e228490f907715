"""Clients of libraries in Python that run the cases of `wsctl check`, which tests/it/check/real_clients.rs starts.

The arguments name the library and the URL of `--listen`; `--once` between them connects once, to the URL of
`--exec`. `--version` in place of the URL prints the version.
"""

import asyncio
import gc
import importlib.metadata
import sys

library, *options, url = sys.argv[1:]
if url == "--version":
    print(importlib.metadata.version(library))
    sys.exit()


def run(connect_once):
    """Asks for the number of cases, runs them, and asks for the report."""
    count = int(connect_once(url + "getCaseCount", False)[0])
    for case in range(1, count + 1):
        connect_once(f"{url}runCase?case={case}&agent={library}", True)
    connect_once(f"{url}updateReports?agent={library}", False)


def websockets_client(target, echoes):
    from websockets.exceptions import WebSocketException
    from websockets.sync.client import connect

    messages = []
    with connect(target) as client:
        try:
            for message in client:
                messages.append(message)
                if echoes:
                    client.send(message)
        except WebSocketException:
            pass
    return messages


def aiohttp_client(target, echoes):
    import aiohttp

    async def once():
        messages = []
        async with aiohttp.ClientSession() as session:
            async with session.ws_connect(target, max_msg_size=0, compress=15) as client:
                async for message in client:
                    messages.append(message.data)
                    if not echoes:
                        continue
                    if message.type == aiohttp.WSMsgType.TEXT:
                        await client.send_str(message.data)
                    elif message.type == aiohttp.WSMsgType.BINARY:
                        await client.send_bytes(message.data)
        return messages

    return asyncio.run(once())


def tornado_client(target, echoes):
    from tornado.websocket import WebSocketClosedError, websocket_connect

    # After a message that cannot be inflated the connection is closed by the garbage collection, at any time.
    gc.disable()

    async def once():
        messages = []
        client = await websocket_connect(target, compression_options={})
        while (message := await client.read_message()) is not None:
            messages.append(message)
            if echoes:
                try:
                    await client.write_message(message, binary=isinstance(message, bytes))
                except WebSocketClosedError:
                    break
        return messages

    return asyncio.run(once())


def websocket_client(target, echoes):
    import websocket

    messages = []
    status = websocket.STATUS_NORMAL
    client = websocket.create_connection(target)
    try:
        while True:
            opcode, data = client.recv_data()
            if opcode == websocket.ABNF.OPCODE_CLOSE:
                break
            messages.append(data.decode() if opcode == websocket.ABNF.OPCODE_TEXT else data)
            if echoes and opcode in (websocket.ABNF.OPCODE_TEXT, websocket.ABNF.OPCODE_BINARY):
                client.send(data, opcode)
    except (UnicodeDecodeError, websocket.WebSocketPayloadException):
        status = websocket.STATUS_INVALID_PAYLOAD
    except websocket.WebSocketProtocolException:
        status = websocket.STATUS_PROTOCOL_ERROR
    except (websocket.WebSocketException, OSError):
        pass
    finally:
        client.close(status)
    return messages


CLIENTS = {
    "websockets": websockets_client,
    "aiohttp": aiohttp_client,
    "tornado": tornado_client,
    "websocket-client": websocket_client,
}
if "--once" in options:
    CLIENTS[library](url, True)
else:
    run(CLIENTS[library])
