"""A desk on which the table of customers is open for import, and imports, from press to end."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

from bench.desk import Desk, desk
from bench.export import moment
from bench.fresh import fresh
from bench.people import joining
from bench.staff import CSRF, FORM, Staff

SOURCE: Final = "shop"
KIND: Final = "check-shop-customers"
LONGEST_SECONDS: Final = 600.0
LOOK_SECONDS: Final = 0.5
BLOCK: Final = 1 << 20
BOUNDARY: Final = "bench-boundary"


class Imported(NamedTuple):
    """A file that was imported: seconds of the check and of the import."""

    checked: float
    written: float

    @property
    def seconds(self) -> float:
        """Both together."""
        return self.checked + self.written


@contextmanager
def customers_desk(folder: Path, url: str) -> Iterator[Desk]:
    """Run a desk that may import into the database *url*, with one slot, until the block ends."""
    given = {SOURCE: url}
    with desk(
        folder,
        "numbers",
        given,
        FLASK_WRITING_SOURCES=json.dumps(given),
        FLASK_MAX_UPLOAD_MB="1000",
        FLASK_CELERY__worker_concurrency="1",
    ) as running:
        settings = {**joining(running), "SOURCES": given, "WRITING_SOURCES": given}
        fresh("open_target", folder, settings=settings, source=SOURCE, table="customers")
        yield running


def import_file(staff: Staff, path: Path) -> Imported:
    """Send a file, let it be checked and imported; each is timed from its press to its end."""
    upload = _send(staff, path)
    staff.close()  # The server may have let the connection go meanwhile.
    began = time.time()
    answer = staff.calls("POST", f"/jobs/{KIND}", {"params": {"upload": upload}})
    assert answer.status == 202, answer
    check = staff.ends(json.loads(answer.text)["id"], LONGEST_SECONDS, LOOK_SECONDS)
    checked = moment(check, "finished") - began
    page = staff.asks("GET", f"/imports/{check['id']}", None, {}).text
    csrf = CSRF.search(page)
    assert csrf is not None, page
    fields = urlencode({"csrf_token": csrf[1]})
    began = time.time()
    pressed = staff.asks("POST", f"/imports/{check['id']}/start", fields, FORM)
    assert pressed.status == 303, pressed
    job_id = pressed.location.rpartition("/")[2]
    done = staff.ends(job_id, LONGEST_SECONDS, LOOK_SECONDS)
    _forget(staff, check["id"])
    return Imported(checked, moment(done, "finished") - began)


def _send(staff: Staff, path: Path) -> str:
    """Send a file as a browser does; gives the id of the upload."""
    head = (
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{path.name}"'
        "\r\nContent-Type: text/csv\r\n\r\n"
    ).encode()
    tail = f"\r\n--{BOUNDARY}--\r\n".encode()
    connection = HTTPConnection(staff.desk.host, staff.desk.port, timeout=LONGEST_SECONDS)
    connection.putrequest("POST", "/api/v1/uploads")
    connection.putheader("Authorization", f"Bearer {staff.desk.token}")
    connection.putheader("Content-Type", f"multipart/form-data; boundary={BOUNDARY}")
    connection.putheader("Content-Length", str(len(head) + path.stat().st_size + len(tail)))
    connection.endheaders()
    connection.send(head)
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            connection.send(block)
    connection.send(tail)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    assert answer.status == 201, text
    found: dict[str, Any] = json.loads(text)
    return str(found["id"])


def _forget(staff: Staff, check_id: str) -> None:
    """Delete what was stored: a million rows have some hundred megabytes."""
    files = staff.desk.home / "files"
    for stored in (*files.glob(f"{check_id}/*"), *files.glob("uploads/*")):
        stored.unlink()
