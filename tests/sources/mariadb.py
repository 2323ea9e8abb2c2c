"""A MariaDB for the tests, where its server (apt's mariadb-server-core) and a driver are there."""

import os
import pwd
import secrets
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, make_url

from tests.servers import running, short_folder, wait_for

SYSTEM_FOLDERS: Final = (Path("/usr/sbin"), Path("/usr/libexec"), Path("/usr/local/sbin"))
SCRIPT_FOLDERS: Final = (Path("/usr/share/mysql"), Path("/usr/share/mariadb"))
SCRIPTS: Final = ("mysql_system_tables.sql", "mysql_system_tables_data.sql")
BOOTSTRAP: Final = """CREATE DATABASE mysql;
USE mysql;
SET @auth_root_socket = NULL;
SET @skip_auth_anonymous = 1;
"""


def why_not() -> str | None:
    """Say what is missing; None where MariaDB can be run and read."""
    if find_spec("pymysql") is None:
        return "the Python package pymysql is not installed"
    if _program() is None or _scripts() is None:
        return "no MariaDB server is installed (apt install mariadb-server-core)"
    return None


@contextmanager
def mariadb_server() -> Iterator[str]:
    """Run MariaDB and give the URL of its database "mysql", as its owner "root".

    It listens on a Unix socket only, and is fast rather than safe.
    """
    program, scripts = _program(), _scripts()
    assert program is not None
    assert scripts is not None
    with short_folder() as folder:
        data, scratch = folder / "data", folder / "scratch"
        data.mkdir()
        scratch.mkdir()
        options: list[str | Path] = [
            *("--no-defaults", f"--datadir={data}", "--skip-networking"),
            # A server that starts deletes the temporary tables it finds in its tmpdir: in a shared
            # one those of the other servers, which then fail or crash in the middle of a query.
            f"--tmpdir={scratch}",
        ]
        if os.geteuid() == 0:
            account = pwd.getpwnam("nobody")
            for path in (folder, data, scratch):
                os.chown(path, account.pw_uid, account.pw_gid)
            options.append("--user=nobody")
        subprocess.run(
            [program, *options, "--bootstrap"],
            input=BOOTSTRAP + "".join((scripts / name).read_text() for name in SCRIPTS),
            text=True,
            check=True,
            capture_output=True,
        )
        path = folder / "mariadb.sock"
        settings = [
            *(f"--socket={path}", f"--pid-file={folder / 'pid'}"),
            *("--innodb-flush-log-at-trx-commit=0", "--innodb-flush-method=nosync"),
            *("--character-set-server=utf8mb4", "--innodb-buffer-pool-size=32M"),
        ]
        url = URL.create("mariadb+pymysql", "root", database="mysql")
        spelled = url.update_query_dict({"unix_socket": str(path)})
        with running([program, *options, *settings], folder) as process:
            wait_for(lambda: _answers(path), process, folder)
            yield spelled.render_as_string(hide_password=False)


@contextmanager
def fresh_database(server: str) -> Iterator[URL]:
    """Give the URL of a new, empty database on *server*."""
    name = f"test_{secrets.token_hex(6)}"
    url = make_url(server)
    execute(url, f"CREATE DATABASE {name}")
    try:
        yield url.set(database=name)
    finally:
        execute(url, f"DROP DATABASE {name}")


def execute(url: URL, script: str) -> None:
    """Run all statements of *script*, which quotes names as standard SQL does."""
    with closing(_connected(url)) as connection, connection.cursor() as cursor:
        cursor.execute(
            "SET SESSION sql_mode = CONCAT(@@sql_mode, ',ANSI_QUOTES,NO_BACKSLASH_ESCAPES')"
        )
        cursor.execute("SET SESSION max_recursive_iterations = 1000000")
        cursor.execute(script)
        while cursor.nextset():
            pass


def _connected(url: URL) -> Any:
    pymysql = import_module("pymysql")  # It may not be there, and then nobody comes here.
    return pymysql.connect(
        unix_socket=url.query["unix_socket"],
        user=url.username,
        database=url.database,
        autocommit=True,
        client_flag=pymysql.constants.CLIENT.MULTI_STATEMENTS,
    )


def _answers(path: Path) -> bool:
    with closing(socket.socket(socket.AF_UNIX)) as probe, suppress(OSError):
        probe.connect(str(path))
        return True
    return False


def _program() -> Path | None:
    found = shutil.which("mariadbd")
    places = [Path(found)] if found else [folder / "mariadbd" for folder in SYSTEM_FOLDERS]
    return next((place for place in places if place.is_file()), None)


def _scripts() -> Path | None:
    return next((folder for folder in SCRIPT_FOLDERS if (folder / SCRIPTS[0]).is_file()), None)
