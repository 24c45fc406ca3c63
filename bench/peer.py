# SPDX-License-Identifier: MIT
"""The same server as peer.js, on Debian's python3-socketio with aiohttp."""
import asyncio

import aiohttp.web
import socketio

sio = socketio.AsyncServer(async_mode="aiohttp")
app = aiohttp.web.Application()
sio.attach(app)


@sio.event
async def echo(_, text):
    return text


@sio.event
async def broadcast(_, text):
    await sio.emit("broadcast", text)


async def main():
    runner = aiohttp.web.AppRunner(app)
    await runner.setup()
    site = aiohttp.web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    print(f"listening on 127.0.0.1:{runner.addresses[0][1]}", flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
