"""A client of Python's websockets: sends messages of all kinds and expects their echoes."""

import asyncio
import sys

from websockets.asyncio.client import connect


async def check_echoes(url, compression):
    async with connect(url, compression=compression, max_size=None) as client:
        big = "你好 " * (1 << 17)
        for message in ["Hello", "", "你好, 😀", bytes(range(256)), big, big.encode()]:
            await client.send(message)
            answer = await client.recv()
            assert answer == message, (compression, answer[:40])

        async def fragments():
            for part in ["frag", "", "ments, ", "é"]:
                yield part

        await client.send(fragments())
        assert await client.recv() == "fragments, é"
        await (await client.ping(b"are you there?"))
        await client.close(4001, "bye")
        assert client.close_code == 4001, client.close_code


async def main(url):
    for compression in [None, "deflate"]:
        await check_echoes(url, compression)
    print("all echoed")


asyncio.run(main(sys.argv[1]))
