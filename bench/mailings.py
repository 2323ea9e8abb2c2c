"""What the measures of mailings have in common: the message, its recipients, a sink for it.

The sink has a core of its own, as a mail server has a machine: on the sender's core the system
hands over to it without waking up another, and smtp-source is up to seven times as fast by luck.
"""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final

from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from dashboard import create_app
from dashboard.cli import migrated
from dashboard.models import Delivery, Mailing, MailingState, Role, clock, transaction
from dashboard.web.users import add_user
from tests.servers import free_port

SENDER: Final = "events@example.org"
SUBJECT: Final = "{{ name }}, you are invited to the autumn fair"
TABLE: Final = "".join(
    f"| Hall {hall}: stand {{{{ stand }}}}-{hall}, {hall + 9}:00 |\n" for hall in range(1, 9)
)
BODY: Final = (
    "Dear {{ name }},\n\nwe would love to see you at our **autumn fair** in {{ city }}.\n\n"
    "| Where and when |\n|---|\n" + TABLE + "\nPlease [tell us](https://example.org/answer)"
    " whether you come.\n"
)
BATCH: Final = 5000
START_SECONDS: Final = 10.0


def programs() -> tuple[str, str] | None:
    """Give the paths of Postfix's smtp-sink and smtp-source, or None where they are not there."""
    path = "/usr/sbin:/usr/bin:/usr/local/sbin:/usr/local/bin"
    sink, source = (shutil.which(name, path=path) for name in ("smtp-sink", "smtp-source"))
    return (sink, source) if sink and source else None


@contextmanager
def sink(program: str, folder: Path) -> Iterator[int]:
    """Run smtp-sink on a port of its own until the block ends; gives the port."""
    port = free_port()
    with (folder / "sink.log").open("ab") as log:
        command = [program, "-u", "root", f"127.0.0.1:{port}", "200"]
        process = subprocess.Popen(command, stdout=log, stderr=log, cwd=folder)
    _stay_on(-1, process.pid)
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.terminate()
        process.wait()


def send_from_afar() -> None:
    """Keep this process on another core than the sink's."""
    _stay_on(0, 0)


def source(program: str, port: int, messages: int, size: int) -> float:
    """Let smtp-source send *messages* of *size* bytes over a kept connection; gives the seconds."""
    began = time.perf_counter()
    subprocess.run(
        [
            *(program, "-d", "-s", "1", "-m", str(messages), "-l", str(size)),
            *("-f", SENDER, "-t", "person@example.org", f"127.0.0.1:{port}"),
        ],
        check=True,
        preexec_fn=send_from_afar,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return time.perf_counter() - began


def make_mailing(settings: dict[str, Any], people: int) -> int:
    """Freeze a mailing to so many people in the ledger of *settings*; gives its id."""
    app = create_app(**settings)
    migrated(app)
    with app.app_context():
        with suppress(IntegrityError):
            add_user("mara@example.org", "Mara", Role.STAFF, "a long enough password")
        with transaction() as session:
            now = clock()
            mailing = Mailing(
                title="Autumn fair",
                state=MailingState.SENDING,
                subject=SUBJECT,
                body=BODY,
                made_by_id=1,
                made_at=now,
                changed_at=now,
            )
            session.add(mailing)
            session.flush()
            number = mailing.id
            for first in range(1, people + 1, BATCH):
                rows = [
                    {
                        "mailing_id": number,
                        "place": place,
                        "address": f"person{place}@d{place % 97}.example.org",
                        "email": f"person{place}@d{place % 97}.example.org",
                        "values": {
                            "name": f"Person {place}",
                            "stand": f"B {place % 60}",
                            "city": "Köln",
                        },
                        "message_id": f"<{number}.{place}@bellhop.invalid>",
                    }
                    for place in range(first, min(first + BATCH, people + 1))
                ]
                session.execute(insert(Delivery), rows)
        return number


def _stay_on(core: int, process: int) -> None:
    if sys.platform == "linux":
        os.sched_setaffinity(process, {sorted(os.sched_getaffinity(0))[core]})


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            assert process.poll() is None, "smtp-sink has ended."
            assert time.monotonic() < deadline, "smtp-sink does not answer."
            time.sleep(0.02)
