"""The whole desk on one machine: python -m dashboard."""

import argparse
import asyncio
import functools
import os
import resource
import socket
import sys
import traceback
from collections.abc import Awaitable, Callable, Sequence
from datetime import date
from pathlib import Path
from urllib.parse import quote

from flask import Flask

from dashboard import create_app
from dashboard.cli import Prepared, prepare
from dashboard.config import ConfigError
from dashboard.demo import commands as demo, load
from dashboard.extensions import db
from dashboard.supervisor import Console, Desk, Home, Part, Trouble, port, programs, valkey
from dashboard.supervisor.chaos import Chaos
from dashboard.supervisor.ready import answers_ok

ROOT = Path(__file__).resolve().parent.parent
# Each live page is an open file; the usual limit, 1024, is soon reached.
WANTED_FILES = 65536
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the desk until it is stopped; give the exit code."""
    choices = _parser().parse_args(arguments)
    os.umask(0o077)
    _raise_file_limit()
    try:
        _run(choices, Console())
    except Trouble as trouble:
        sys.stderr.write(f"{trouble}\n")
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED
    return 0


def _run(choices: argparse.Namespace, console: Console) -> None:
    home = Home(choices.home)
    os.chdir(ROOT)  # gunicorn and Celery import from the present folder before any other.
    listener = port.listen(choices.host, choices.port)
    url = port.url(listener)
    os.environ["FLASK_INSTANCE_PATH"] = str(home.path)
    os.environ["PYTHONPATH"] = str(ROOT)
    os.environ.setdefault("FLASK_PUBLIC_URL", url)
    server = _server(home)
    app, prepared = _prepare(home, console)
    after = server.name if server else None
    parts = [programs.web(listener, after), programs.beat(home, after), programs.worker(after)]
    desk = Desk(server, parts, console)
    others: list[Callable[[Desk], Awaitable[None]]] = [functools.partial(_hold, listener)]
    if choices.demo_chaos:
        others.append(Chaos(app.extensions["celery"], console))
    is_ready = functools.partial(answers_ok, *port.nearby(listener), "/readyz")
    admin = _admin(prepared)
    try:
        asyncio.run(desk.run(is_ready, f"Bellhop is ready: {url}  ({admin})", *others))
    finally:
        if admin != prepared.admin_email and not desk.has_been_ready:
            # It is kept nowhere else, and the next start does not make it again.
            console.say(f"The first administrator has been made all the same: {admin}")


async def _hold(listener: socket.socket, _: Desk) -> None:
    """Keep *listener* until the desk stops: from then on visitors are refused, not kept waiting."""
    with listener:
        await asyncio.Event().wait()


def _server(home: Home) -> Part | None:
    """Give the embedded Valkey, unless the operator has named a server; note where it listens."""
    server = None
    if not os.environ.get("FLASK_REDIS_URL"):
        path = valkey.socket_path(home)
        server = valkey.part(home, path)
        os.environ["FLASK_REDIS_URL"] = f"unix://{quote(str(path))}"
    home.keep("redis_url", os.environ["FLASK_REDIS_URL"] + "\n")  # bin/flask reads it.
    return server


def _prepare(home: Home, console: Console) -> tuple[Flask, Prepared]:
    """Bring the ledger up to date, with its first administrator and the demo data."""
    try:
        app = create_app()
        prepared = prepare(app)
        if not app.config["SOURCES"]:
            _make_shop(home, console)
        with app.app_context():
            db.engine.dispose()  # The supervisor itself needs no ledger from here on.
    except ConfigError as error:
        raise Trouble(str(error)) from None
    except Exception as error:
        home.keep("trouble.txt", traceback.format_exc())
        cause = str(error).strip().partition("\n")[0] or type(error).__name__
        raise Trouble(
            f"The ledger could not be made ready: {cause}\n"
            f"The whole story is in {home.path / 'trouble.txt'}."
        ) from None
    return app, prepared


def _make_shop(home: Home, console: Console) -> None:
    shop = home.path / demo.FOLDER / demo.FILE
    if not shop.exists():
        console.say("Making the demo shop. This happens once and takes a few seconds.")
        shop.parent.mkdir(mode=0o700, exist_ok=True)
        load(shop, date.today())


def _admin(prepared: Prepared) -> str:
    """Name the first administrator, with the password only when it was made now."""
    if prepared.admin_password is None:
        return prepared.admin_email
    return f"{prepared.admin_email} / {prepared.admin_password}"


def _raise_file_limit() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = WANTED_FILES if hard == resource.RLIM_INFINITY else min(WANTED_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bin/run",
        description="Start Bellhop: web, worker, scheduler and Valkey on this machine.",
        epilog="Settings come from the environment; .env.example lists them all.",
    )
    parser.add_argument("--port", type=_port, default=8000, help="0 takes any free port (8000)")
    parser.add_argument("--host", default="127.0.0.1", help="where to listen (127.0.0.1)")
    parser.add_argument(
        "--home",
        type=Path,
        metavar="DIR",
        default=_usual_home(),
        help="the state folder (instance)",
    )
    parser.add_argument(
        "--demo-chaos", action="store_true", help="kill a busy worker child now and then"
    )
    return parser


def _usual_home() -> Path:
    """Give the state folder of a checkout, or of the present folder where we are installed."""
    base = ROOT if (ROOT / "pyproject.toml").exists() else Path.cwd()
    return Path(os.environ.get("FLASK_INSTANCE_PATH") or base / "instance")


def _port(text: str) -> int:
    if not text.isdigit() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"“{text}” is no port; it is a number from 0 to 65535")
    return int(text)


if __name__ == "__main__":
    sys.exit(main())
