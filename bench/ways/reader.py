"""Opens pages one after the other, as a person with a browser does, and times each."""

import json
import sys
import time
from http.client import HTTPConnection
from itertools import cycle, islice
from pathlib import Path

from bench.fresh import arguments

ANSWER_SECONDS = 60.0

given = arguments()


def read(times: int) -> list[float]:
    """Open *times* pages, as long as the file “until” is not there; gives the seconds of each.

    It begins once the desk answers at all.
    """
    connection = HTTPConnection(given["host"], given["port"], timeout=ANSWER_SECONDS)
    ask(connection, "/healthz")
    took = []
    for path in islice(cycle(given["paths"]), times):
        if Path(given["until"]).exists():
            break
        began = time.perf_counter()
        ask(connection, path)
        took.append(time.perf_counter() - began)
        time.sleep(given["pause"])
    connection.close()
    return took


def ask(connection: HTTPConnection, path: str) -> None:
    """Read one page."""
    connection.request("GET", path, headers={"Cookie": given["cookie"]})
    answer = connection.getresponse()
    answer.read()
    assert answer.status == 200, (path, answer.status)


sys.stdout.write(f"{json.dumps(read(given['times']))}\n")
