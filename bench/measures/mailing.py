"""A mailing on its way to smtp-sink: as the desk sends it, as a plain script, and smtp-source."""

from collections.abc import Iterator
from typing import Any

from bench.fresh import Took, fresh
from bench.mailings import make_mailing, programs, sink, source
from bench.measure import Line, Setting, at_least, at_most, skipped
from bench.resident import MIB
from bench.spread import middle
from tests import servers

PEOPLE, FEW_PEOPLE = 20_000, 4_000
MANY = 100_000
TURNS = 3
PART_OF_PLAIN = 4  # The plain script sends to so much fewer people: it is that much slower.
GOALS = {"SQLite": 5.0, "PostgreSQL": 4.0}  # times as many as the plain script
OF_SOURCE = 0.8
GROWTH = 1.1


def take(setting: Setting) -> Iterator[Line]:
    """Send by turns, on each ledger."""
    found = programs()
    if found is None:
        yield skipped("a mailing", "Postfix's smtp-sink and smtp-source are not here")
        return
    valkey = setting.folder / "valkey"
    valkey.mkdir()
    with (
        servers.valkey_server(valkey) as redis,
        servers.postgres_server() as server,
        servers.fresh_database(server) as url,
        sink(found[0], setting.folder) as port,
    ):
        for ledger, more in (("SQLite", {}), ("PostgreSQL", {"SQLALCHEMY_DATABASE_URI": url})):
            home = setting.folder / ledger.lower()
            home.mkdir()
            settings = {
                "INSTANCE_PATH": str(home),
                "REDIS_URL": redis,
                "MAIL_URL": f"smtp://127.0.0.1:{port}",
                "PUBLIC_URL": "https://desk.example.org",
                **more,
            }
            yield from _speed(setting, ledger, settings, port, found[1])
            if not setting.quick and ledger == "SQLite":
                yield _memory(setting, settings)


def _speed(
    setting: Setting, ledger: str, settings: dict[str, Any], port: int, program: str
) -> Iterator[Line]:
    people = setting.times(PEOPLE, FEW_PEOPLE)
    plain, ours, limit = [], [], []
    for _ in range(TURNS):
        few = people // PART_OF_PLAIN
        mailing = make_mailing(settings, few)
        took = fresh("mail_plain", setting.folder, settings=settings, mailing=mailing, port=port)
        assert took.told["sent"] == few
        size = took.told["bytes"]
        plain.append(few / took.seconds)
        ours.append(people / _sent(setting, settings, people).seconds)
        limit.append(people / source(program, port, people, size))
    speed = middle(ours)
    told = f"of EmailMessage and smtplib ({speed:,.0f}/s, {middle(plain):,.0f}/s)"
    what = f"{ledger}: {people:,} recipients over one connection, each marked"
    yield at_least(what, speed / middle(plain), GOALS[ledger], told)
    told = (
        f"of smtp-source, which makes and marks nothing ({middle(limit):,.0f}/s of {size:,} bytes)"
    )
    yield at_least(f"{ledger}: the same", speed / middle(limit), OF_SOURCE, told)


def _sent(setting: Setting, settings: dict[str, Any], people: int) -> Took:
    mailing = make_mailing(settings, people)
    took = fresh("mail_ours", setting.folder, settings=settings, mailing=mailing, lanes=1)
    assert took.told["sent"] == people
    return took


def _memory(setting: Setting, settings: dict[str, Any]) -> Line:
    few, many = (_sent(setting, settings, people).peak / MIB for people in (MANY // 10, MANY))
    what = f"memory at {MANY:,} recipients beside that at {MANY // 10:,}"
    return at_most(what, many / few, GROWTH, "times", f"({many:.0f} MiB, {few:.0f} MiB)")
