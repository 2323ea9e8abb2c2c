"""A desk for the tests: a real ledger, a real broker, people who sign in."""

import os
import time
from collections.abc import Iterator
from functools import partial, partialmethod
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import QueuePool, func, literal_column, select, text
from werkzeug.routing import Rule
from werkzeug.security import generate_password_hash
from xdist.scheduler import LoadFileScheduling

from dashboard import create_app
from dashboard.cli import migrated
from dashboard.extensions import db
from dashboard.models import Base, transaction
from dashboard.web.template import PageEnvironment
from tests import servers
from tests.mail.dovecot import Dovecot, Somebody, dovecot_server, why_not
from tests.people import Person

MOST_PROCESSES = 6
LET_GO_SECONDS = 30.0
LARGEST_BYTES = 1_000_000  # of a table whose rows are deleted and not truncated
SCREENS = Path(__file__).with_name("browser") / "screens"

# How long an example takes says how busy the machine is.
settings.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("patient")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let pictures of all screens be asked for."""
    parser.addoption(
        "--screens",
        metavar="DIR",
        nargs="?",
        const="",
        help="Run the tests of screens only; with DIR save a picture of each one there.",
    )


@pytest.hookimpl(tryfirst=True)  # Before pytest looks at marks.
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark the tests of screens, and run no others when these are asked for."""
    for item in items:
        if SCREENS in item.path.parents:
            item.add_marker("screens")
    if config.getoption("--screens") is None:
        return
    others = [item for item in items if SCREENS not in item.path.parents]
    config.hook.pytest_deselected(items=others)
    items[:] = [item for item in items if SCREENS in item.path.parents]


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """Give two processes for each core: most tests wait for what they have started."""
    return min(MOST_PROCESSES, 2 * (os.cpu_count() or 1))


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> "ByFile":
    """Let one process do all tests of a file, and one all tests of screens."""
    return ByFile(config, log)


class ByFile(LoadFileScheduling):  # type: ignore[misc]  # pytest-xdist's schedulers are not typed.
    """Gives files to processes, but the screens as one: their desk takes long to be filled."""

    def _split_scope(self, nodeid: str) -> str:
        file = str(super()._split_scope(nodeid))
        return SCREENS.name if f"/{SCREENS.name}/" in file else file


@pytest.fixture(scope="session", autouse=True)
def _quick_passwords() -> Iterator[None]:
    """Hash passwords as always, but with less work: the tests make thousands of people."""
    quick = partial(generate_password_hash, method="scrypt:512:8:1")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("dashboard.models.user.generate_password_hash", quick)
        patch.setattr("dashboard.web.auth.generate_password_hash", quick)
        yield


@pytest.fixture(scope="session", autouse=True)
def _compiled_once(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keep compiled templates for every desk that is made in this process."""
    kept = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))
    begin = partialmethod(PageEnvironment.__init__, bytecode_cache=kept)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PageEnvironment, "__init__", begin)
        yield


@pytest.fixture(scope="session", autouse=True)
def _routed_once() -> Iterator[None]:
    """Keep what builds addresses for every desk of this process: nine tenths of making one."""
    compiled: dict[tuple[Any, ...], Any] = {}
    compile_builder = Rule._compile_builder

    def kept(rule: Rule, append_unknown: bool = True) -> Any:
        given = tuple(sorted((rule.defaults or {}).items()))
        key = (rule.rule, tuple(rule._trace), given, append_unknown)
        if key not in compiled:
            compiled[key] = compile_builder(rule, append_unknown)
        return compiled[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", kept)
        yield


@pytest.fixture(scope="session")
def valkey_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Run one Valkey for all tests."""
    with servers.valkey_server(tmp_path_factory.mktemp("valkey")) as url:
        yield url


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """Run one PostgreSQL for all tests."""
    with servers.postgres_server() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_ledger(postgres_url: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Give a PostgreSQL database with the ledger's tables, to be emptied by each test."""
    with servers.fresh_database(postgres_url) as url:
        state = tmp_path_factory.mktemp("postgres-state")
        _make_ledger(create_app(INSTANCE_PATH=state, SQLALCHEMY_DATABASE_URI=url))
        yield url


@pytest.fixture(scope="session")
def sqlite_ledger(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a SQLite ledger with all tables and no rows, to be copied."""
    state = tmp_path_factory.mktemp("sqlite-state")
    _make_ledger(create_app(INSTANCE_PATH=state))
    return state / "ledger.db"


@pytest.fixture(scope="session")
def dovecot() -> Iterator[Dovecot]:
    """Run one mail server with mailboxes for all tests."""
    if (reason := why_not()) is not None:
        pytest.skip(reason)
    with dovecot_server() as server:
        yield server


@pytest.fixture
def somebody(dovecot: Dovecot) -> Somebody:
    """Give somebody with an empty mailbox."""
    return dovecot.somebody()


@pytest.fixture
def app(tmp_path: Path, sqlite_ledger: Path, valkey_url: str) -> Flask:
    """Give a desk on SQLite with an empty ledger."""
    (tmp_path / "ledger.db").write_bytes(sqlite_ledger.read_bytes())
    return create_app(INSTANCE_PATH=tmp_path, REDIS_URL=valkey_url, TESTING=True)


@pytest.fixture
def admin(app: Flask) -> Person:
    """Give an administrator who has signed in."""
    return Person.joins(app, "Ada Admin", role="admin")


@pytest.fixture
def staff(app: Flask) -> Person:
    """Give a colleague who has signed in and may start jobs."""
    return Person.joins(app, "Mara Keller", role="staff")


@pytest.fixture
def colleague(app: Flask) -> Person:
    """Give another colleague."""
    return Person.joins(app, "Jonas Brandt", role="staff")


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def any_app(request: pytest.FixtureRequest, tmp_path: Path, valkey_url: str) -> Iterator[Flask]:
    """Give a desk with an empty ledger, on each database in turn."""
    if request.param == "sqlite":
        yield request.getfixturevalue("app")
        return
    url = request.getfixturevalue("postgres_ledger")
    app = create_app(
        INSTANCE_PATH=tmp_path, REDIS_URL=valkey_url, SQLALCHEMY_DATABASE_URI=url, TESTING=True
    )
    empty(app)
    yield app
    let_go(app)


def let_go(app: Flask) -> None:
    """Close the connections to a ledger on PostgreSQL, once every thread has given its own back."""
    with app.app_context():
        pool = db.engine.pool
        assert isinstance(pool, QueuePool)
        deadline = time.monotonic() + LET_GO_SECONDS
        while pool.checkedout() and time.monotonic() < deadline:
            time.sleep(0.01)
        db.engine.dispose()


def empty(app: Flask) -> None:
    """Take every row out of a ledger on PostgreSQL.

    To truncate takes a file system 40 ms, to delete a few rows two; but what is deleted takes room.
    """
    names = [table.name for table in Base.metadata.sorted_tables]
    with app.app_context(), transaction() as session:
        room = select(func.max(func.pg_relation_size(literal_column("oid"))))
        sizes = room.select_from(text("pg_class")).where(literal_column("relname").in_(names))
        if (session.scalar(sizes) or 0) > LARGEST_BYTES:
            session.execute(text(f"TRUNCATE {', '.join(names)} RESTART IDENTITY"))
            return
        session.execute(text("; ".join(f"DELETE FROM {name}" for name in reversed(names))))
        session.execute(text("SELECT setval(seqrelid::regclass, seqstart, false) FROM pg_sequence"))


def _make_ledger(app: Flask) -> None:
    migrated(app)
    with app.app_context():
        db.engine.dispose()  # SQLite's last connection to close writes the log into the file.
