"""Prints what Python's websockets shows of a server with `--fault`."""

import asyncio
import sys

from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, WebSocketException


async def show(url, behavior):
    """`behavior` is one of those in `behavior_for` of `tests/it/serve/fault_table.rs`."""
    ping = 0.3 if behavior in ("pings", "stalls") else None
    close_timeout = 0.5 if behavior in ("hurries", "stalls") else 20
    try:
        client = await connect(
            url, ping_interval=ping, ping_timeout=ping, close_timeout=close_timeout
        )
    except (WebSocketException, OSError) as error:
        yield str(error)
        return
    try:
        await client.send("hello")
        yield f"the message {await client.recv()}"
    except ConnectionClosed as error:
        yield f"no message; {error}"
        return
    if behavior in ("waits", "pings"):
        try:
            await client.recv()
        except ConnectionClosed as error:
            yield str(error)
            return
    await client.close()
    yield str(client.close_code)


async def main():
    print("; ".join([line async for line in show(*sys.argv[1:])]))


asyncio.run(main())
