"""The embedded Valkey server."""

import asyncio
import shutil
import stat
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import redis

from dashboard.supervisor import Console, Home, Trouble, valkey
from dashboard.supervisor.run import Run


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    """Give a state folder whose path is short enough for a socket."""
    home = Home(tmp_path / "s")
    yield home
    home.close()


@pytest.fixture
def deep_home(tmp_path: Path) -> Iterator[Home]:
    """Give a state folder whose path is too long for a socket."""
    home = Home(tmp_path / ("deep" * 20) / "state")
    yield home
    home.close()


@pytest.fixture
def short_base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a runtime folder with a short path."""
    base = Path(tempfile.mkdtemp(prefix="b", dir="/tmp"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(base))
    yield base
    shutil.rmtree(base)


async def with_server(home: Home, socket: Path) -> tuple[str, str]:
    """Start the server, write a key, kill the server, start it again; give key and policy."""
    part = valkey.part(home, socket)
    assert part.is_ready is not None
    for _ in range(2):
        run = Run(part, Console())
        deadline = time.monotonic() + 60
        while not await part.is_ready():
            assert time.monotonic() < deadline, run.last_words
            await asyncio.sleep(0.02)
        client = redis.Redis(unix_socket_path=str(socket), decode_responses=True)
        with client:
            client.setnx("kept", f"by {run.id}")
            assert client.waitaof(num_local=1, num_replicas=0, timeout=60_000)[0] == 1
            kept, policy = client.get("kept"), client.config_get("maxmemory-policy")
            assert client.config_get("port") == {"port": "0"}
        run.kill()
        run.close()
    return "lost" if kept == f"by {run.id}" else str(kept), str(policy["maxmemory-policy"])


def test_the_server_keeps_its_data_when_killed_and_has_no_port(home: Home) -> None:
    socket = valkey.socket_path(home)
    kept, policy = asyncio.run(with_server(home, socket))
    assert kept.startswith("by ")
    assert policy == "noeviction"


def test_the_socket_lies_in_the_state_folder(home: Home) -> None:
    assert valkey.socket_path(home) == home.path / "valkey.sock"


def test_a_path_too_long_for_a_socket_gets_a_short_private_folder_that_is_kept(
    deep_home: Home, short_base: Path
) -> None:
    socket = valkey.socket_path(deep_home)
    assert socket.parent.parent == short_base
    assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
    assert valkey.socket_path(deep_home) == socket


def test_a_kept_folder_that_others_can_enter_is_not_used_again(
    deep_home: Home, short_base: Path
) -> None:
    socket = valkey.socket_path(deep_home)
    socket.parent.chmod(0o755)
    assert valkey.socket_path(deep_home).parent != socket.parent


def test_a_kept_folder_that_has_gone_is_made_anew(deep_home: Home, short_base: Path) -> None:
    socket = valkey.socket_path(deep_home)
    socket.parent.rmdir()
    assert valkey.socket_path(deep_home).parent.is_dir()


def test_no_server_program_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(valkey, "find_spec", lambda _: None)
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(Trouble, match="set FLASK_REDIS_URL"):
        valkey.program()


def test_a_server_on_the_path_is_taken_where_none_is_bundled(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "redis-server"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setattr(valkey, "find_spec", lambda _: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert valkey.program() == str(program)
