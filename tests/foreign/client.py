"""A client of Python's websockets: says everything, and expects all of it back."""

import asyncio
import sys

from websockets.asyncio.client import connect


async def talk(url, compression):
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
        await talk(url, compression)
    print("all came back")


asyncio.run(main(sys.argv[1]))
