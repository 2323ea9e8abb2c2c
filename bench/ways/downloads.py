"""Downloads one file as several people at once, each with a connection of their own.

What arrives is thrown away: nobody reads more slowly than this machine can.
"""

import json
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection

from bench.fresh import arguments

ANSWER_SECONDS = 120.0
BLOCK = 1 << 18  # bytes

given = arguments()


def download(cookie: str) -> Mapping[str, float]:
    """Read at most so many bytes as were given, and go away."""
    connection = HTTPConnection(given["host"], given["port"], timeout=ANSWER_SECONDS)
    connection.connect()
    block = memoryview(bytearray(BLOCK))
    began = time.perf_counter()
    connection.request("GET", given["path"], headers={"Cookie": cookie})
    answer = connection.getresponse()
    assert answer.status == 200, answer.status
    size = len(answer.read(1))
    first = time.perf_counter() - began
    while size < given["most"] and (length := answer.readinto(block)):
        size += length
    connection.close()
    return {"first": first, "seconds": time.perf_counter() - began, "bytes": size}


with ThreadPoolExecutor(len(given["cookies"])) as pool:
    took = [list(pool.map(download, given["cookies"])) for _ in range(given["times"])]
sys.stdout.write(f"{json.dumps([each for turn in took for each in turn])}\n")
