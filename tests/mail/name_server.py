"""A name server on loopback that answers what a test wants, over UDP and TCP."""

import socket
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal

import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdataclass
import dns.rdatatype
import dns.rrset
from dns.rdtypes.ANY.TXT import TXT
from dns.resolver import Resolver

LONGEST = 255  # bytes of one string of a record
PATIENCE = 60.0  # seconds that a look may take where every question is answered
PLAIN = 512  # bytes that fit into a packet where nothing else is said

Fault = Literal["servfail", "refused", "silent"]
# TXT records by name; another name to look at (“-> name”); or a fault. () is a name without any.
Zone = Mapping[str, Sequence[str] | str]


@dataclass
class NameServer:
    """Answers from *zone*; *asked* are the names that were asked for."""

    zone: Zone
    port: int
    asked: list[str] = field(default_factory=list)
    is_open: bool = True

    @property
    def resolver(self) -> Resolver:
        """A resolver that asks this server only."""
        made = Resolver(configure=False)
        made.nameservers, made.port = ["127.0.0.1"], self.port
        return made

    def answer(self, wire: bytes) -> dns.message.Message | None:
        """Give the answer to a question, None where there is to be none."""
        question = dns.message.from_wire(wire)
        reply = dns.message.make_response(question)
        reply.flags |= dns.flags.RA
        name = question.question[0].name
        told = self._told(name)
        if told == "silent":
            return None
        if told in ("servfail", "refused"):
            reply.set_rcode(dns.rcode.from_text(str(told)))
            return reply
        if isinstance(told, str):
            other = dns.name.from_text(told.removeprefix("-> "))
            reply.answer.append(dns.rrset.from_text(name, 60, "IN", "CNAME", other.to_text()))
            name, told = other, self._told(other)
        if told is None:
            reply.set_rcode(dns.rcode.NXDOMAIN)
        elif told:
            reply.answer.append(dns.rrset.from_rdata(name, 60, *map(_txt, told)))
        return reply

    def _told(self, name: dns.name.Name) -> Sequence[str] | str | None:
        text = name.to_text(omit_final_dot=True)
        self.asked.append(text)
        if text in self.zone:
            return self.zone[text]
        # A name that only has others below it is there, and has nothing (RFC 8020).
        return () if any(other.endswith(f".{text}") for other in self.zone) else None


@contextmanager
def serving(zone: Zone) -> Iterator[NameServer]:
    """Run a name server for *zone* until the block ends."""
    packets, listener = _one_port()
    with packets, listener:
        server = NameServer(zone, listener.getsockname()[1])
        threads = [
            threading.Thread(target=_answer_packets, args=(server, packets)),
            threading.Thread(target=_answer_connections, args=(server, listener)),
        ]
        for thread in threads:
            thread.start()
        try:
            yield server
        finally:
            server.is_open = False
            # An empty packet and an empty connection say that it is over.
            with socket.socket(type=socket.SOCK_DGRAM) as last:
                last.sendto(b"", ("127.0.0.1", server.port))
            socket.create_connection(("127.0.0.1", server.port)).close()
            for thread in threads:
                thread.join()


def _one_port() -> tuple[socket.socket, socket.socket]:
    """Give a socket for UDP and one for TCP on the same port, which is free for both."""
    while True:
        packets = socket.socket(type=socket.SOCK_DGRAM)
        packets.bind(("127.0.0.1", 0))
        try:
            return packets, socket.create_server(packets.getsockname())
        except OSError:
            packets.close()


def _answer_packets(server: NameServer, packets: socket.socket) -> None:
    while True:
        wire, asker = packets.recvfrom(65535)
        if not wire:
            return
        reply = server.answer(wire)
        if reply is None:
            continue
        told = reply.to_wire()
        if len(told) > PLAIN:
            reply.answer.clear()
            reply.flags |= dns.flags.TC
            told = reply.to_wire()
        packets.sendto(told, asker)


def _answer_connections(server: NameServer, listener: socket.socket) -> None:
    while True:
        connection, _ = listener.accept()
        if not server.is_open:
            connection.close()
            return
        # Each by itself: somebody who connects and says nothing keeps nobody waiting.
        threading.Thread(target=_answer_one, args=(server, connection), daemon=True).start()


def _answer_one(server: NameServer, connection: socket.socket) -> None:
    with connection, connection.makefile("rwb") as file, suppress(OSError):
        length = file.read(2)
        reply = server.answer(file.read(int.from_bytes(length))) if length else None
        if reply is not None:
            file.write(reply.to_wire(prepend_length=True))
            file.flush()


def _txt(text: str) -> TXT:
    whole = text.encode()
    strings = [whole[at : at + LONGEST] for at in range(0, len(whole), LONGEST)] or [b""]
    return TXT(dns.rdataclass.IN, dns.rdatatype.TXT, strings)
