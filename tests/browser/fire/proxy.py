"""A proxy between the browser and the web part: it cuts, refuses and holds back."""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager, suppress
from types import TracebackType
from typing import Any, Self

HEAD_LIMIT = 64 * 1024
CHUNK = 64 * 1024


class Proxy:
    """Passes requests on to *port*, each over a connection of its own.

    *asked* are the paths that were asked for, *kept* how many answers are kept back. The rest is
    for the test to turn.
    """

    def __init__(self, port: int) -> None:
        self.asked: list[str] = []
        self.kept = 0
        self._target = port
        self._refuses = ""  # The beginning of the paths that are refused; "" refuses none.
        self._holds_back = 0  # Bytes of an answer that are passed on together; 0 for as they come.
        self._stands_still = False
        self._keeps = ""  # The path whose answers are kept back; "" keeps none.
        self._released = asyncio.Event()
        self._streams: set[asyncio.Task[None]] = set()
        self._others: set[asyncio.Task[None]] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        self._server = self._do(asyncio.start_server(self._serve, "127.0.0.1", limit=HEAD_LIMIT))
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._do(self._close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @contextmanager
    def away(self) -> Iterator[None]:
        """Cut every connection and refuse all that come until the block ends."""
        self._refuses = "/"
        self._do(self._cut(self._streams | self._others))
        try:
            yield
        finally:
            self._refuses = ""

    @contextmanager
    def without_streams(self) -> Iterator[None]:
        """Cut and refuse streams, and let all else pass, until the block ends."""
        self._refuses = "/live?"
        self._do(self._cut(self._streams))
        try:
            yield
        finally:
            self._refuses = ""

    @contextmanager
    def holding_back(self, size: int) -> Iterator[None]:
        """Pass answers on in lumps of *size* bytes until the block ends."""
        self._holds_back = size
        self._do(self._cut(self._streams))
        try:
            yield
        finally:
            self._holds_back = 0
            self._do(self._cut(self._streams))

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Keep every connection, and pass nothing on, until the block ends."""
        self._stands_still = True
        try:
            yield
        finally:
            self._stands_still = False
            self._do(self._cut(self._streams | self._others))

    @contextmanager
    def keeping(self, path: str) -> Iterator[None]:
        """Keep the answers to what is asked for at *path* back until the block ends."""
        self._released.clear()
        self._keeps = path
        try:
            yield
        finally:
            self._keeps = ""
            self._loop.call_soon_threadsafe(self._released.set)

    @property
    def streams(self) -> int:
        """How many streams are open."""
        return len(self._streams)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._others.add(task)
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            path = head.split(b" ", 2)[1].decode()
            self.asked.append(path)
            if path.startswith("/live?"):
                self._others.remove(task)
                self._streams.add(task)
            if not (self._refuses and path.startswith(self._refuses)):
                keep = path.partition("?")[0] == self._keeps
                await self._pass_on(head, reader, writer, keep=keep)
        except (OSError, EOFError, asyncio.CancelledError):
            pass  # One of the two has gone, or the test has cut it: the other hears of it now.
        finally:
            self._others.discard(task)
            self._streams.discard(task)
            writer.transport.abort()

    async def _pass_on(
        self,
        head: bytes,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        *,
        keep: bool,
    ) -> None:
        source, sink = await asyncio.open_connection("127.0.0.1", self._target)
        try:
            request, *fields = head.removesuffix(b"\r\n\r\n").split(b"\r\n")
            fields = [each for each in fields if not each.lower().startswith(b"connection:")]
            sink.write(b"\r\n".join([request, *fields, b"Connection: close", b"", b""]))
            relays = [
                asyncio.create_task(_relay_request(reader, sink)),
                asyncio.create_task(self._relay_answer(source, writer, keep=keep)),
            ]
            try:
                await asyncio.wait(relays, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for relay in relays:
                    relay.cancel()
                await asyncio.gather(*relays, return_exceptions=True)
        finally:
            sink.transport.abort()

    async def _relay_answer(
        self, source: asyncio.StreamReader, writer: asyncio.StreamWriter, *, keep: bool
    ) -> None:
        """Relay until the answer has ended."""
        if keep:
            await self._keep(source, writer)
        held = b""
        while (data := await source.read(CHUNK)) and not self._stands_still:
            held += data
            full = len(held) if not self._holds_back else len(held) - len(held) % self._holds_back
            writer.write(held[:full])
            held = held[full:]
            await writer.drain()
        if self._stands_still:
            await asyncio.Event().wait()  # Until it is cut.
        writer.write(held)
        writer.close()
        await writer.wait_closed()

    async def _keep(self, source: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Relay a whole answer once it may go."""
        answer = await source.read()
        self.kept += 1
        try:
            await self._released.wait()
        finally:
            self.kept -= 1
        writer.write(answer)

    async def _cut(self, tasks: set[asyncio.Task[None]]) -> None:
        cut = list(tasks)
        for task in cut:
            task.cancel()
        await asyncio.gather(*cut, return_exceptions=True)

    async def _close(self) -> None:
        self._server.close()
        await self._cut(self._streams | self._others)

    def _do(self, what: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(what, self._loop).result(30)


async def _relay_request(reader: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    """Relay what the browser sends until it goes away."""
    with suppress(OSError):
        while data := await reader.read(CHUNK):
            sink.write(data)
            await sink.drain()
