"""Questions that tell whether a part is ready."""

import asyncio
import contextlib

ANSWER_SECONDS = 5.0


async def answers_ping(path: str) -> bool:
    """Tell whether the Valkey or Redis server at the unix socket *path* answers PING."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            reader, writer = await asyncio.open_unix_connection(path)
            with contextlib.closing(writer):
                writer.write(b"PING\r\n")
                return (await reader.readline()).startswith(b"+PONG")
    except (OSError, TimeoutError):
        return False


async def answers_ok(host: str, port: int, path: str) -> bool:
    """Tell whether GET *path* gives 200 at *host* and *port*."""
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            reader, writer = await asyncio.open_connection(host, port)
            with contextlib.closing(writer):
                name = f"[{host}]" if ":" in host else host
                head = f"GET {path} HTTP/1.1\r\nHost: {name}:{port}\r\nConnection: close\r\n\r\n"
                writer.write(head.encode())
                return (await reader.readline()).split()[1:2] == [b"200"]
    except (OSError, TimeoutError):
        return False
