"""The address on which the desk listens, taken before any part starts."""

import errno
import socket

from dashboard.supervisor.trouble import Trouble

# Connections that may wait while the web part starts or restarts.
BACKLOG = 1024
ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}


def listen(host: str, port: int) -> socket.socket:
    """Give a listening socket; *port* 0 takes any free one. Raises Trouble where it is not free.

    The supervisor holds the socket and the web part inherits it, so that the address is never
    lost to another program and visitors wait out a restart instead of being turned away.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except socket.gaierror:
        raise Trouble(f"The host “{host}” is not known here. Try --host 127.0.0.1.") from None
    family, kind, protocol, _, address = found[0]
    listener = socket.socket(family, kind, protocol)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as error:
        listener.close()
        raise Trouble(_sentence(error, host, port)) from None
    return listener


def url(listener: socket.socket) -> str:
    """Give the address that a browser on this machine opens."""
    host, port = nearby(listener)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def nearby(listener: socket.socket) -> tuple[str, int]:
    """Give the host and the port at which this machine itself reaches *listener*."""
    host, port = listener.getsockname()[:2]
    return ANYWHERE.get(host, host), port


def _sentence(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return (
            f"Port {port} is taken by another program. "
            f"Stop that one, or choose another port: bin/run --port {port + 1}"
        )
    if error.errno == errno.EACCES:
        return f"Port {port} is kept for the administrator. Choose one above 1023: --port 8000"
    if error.errno == errno.EADDRNOTAVAIL:
        return f"The host “{host}” is no address of this machine. Try --host 127.0.0.1."
    return f"Port {port} of {host} cannot be used: {error.strerror}."
