"""Connects with TLS, sends a message, and prints the answer."""
import asyncio
import ssl
import sys

import websockets


async def main(url, ca_file, message):
    async with websockets.connect(url, ssl=ssl.create_default_context(cafile=ca_file)) as connection:
        await connection.send(message)
        print(await connection.recv())


asyncio.run(main(*sys.argv[1:]))
