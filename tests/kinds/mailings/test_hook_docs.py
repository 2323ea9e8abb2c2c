"""The examples of docs/mail-hooks.md do what they say."""

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from threading import Thread

import pytest
from flask import Flask
from werkzeug.serving import make_server

from dashboard.kinds.mailings.hooks.own import read
from tests.kinds.mailings.hooks import SECRET, opened, suppressed
from tests.servers import free_port

DOCS = (Path(__file__).parents[3] / "docs" / "mail-hooks.md").read_text()


@pytest.fixture
def url(app: Flask) -> Iterator[str]:
    """Serve the desk and give the address that services call."""
    port = free_port()
    server = make_server("127.0.0.1", port, opened(app), threaded=True)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{port}/hooks/mail/bellhop"
    server.shutdown()
    thread.join()


def block(language: str, begin: str) -> str:
    """Give the code of the docs in a language that begins like this."""
    blocks = re.findall(rf"```{language}\n(.*?)```", DOCS, re.S)
    return next(str(code) for code in blocks if code.startswith(begin))


@pytest.mark.parametrize(
    ("language", "begin", "program", "effect"),
    [
        ("python", "import hashlib", [sys.executable, "-c"], {"ada@example.org": "bounced"}),
        ("sh", "body=", ["sh", "-c"], {"bo@example.org": "complained"}),
    ],
)
def test_the_example_is_taken(
    app: Flask, url: str, language: str, begin: str, program: list[str], effect: dict[str, str]
) -> None:
    if language == "sh" and not (shutil.which("curl") and shutil.which("openssl")):
        pytest.skip("There is no curl or no openssl here.")
    environment = {**os.environ, "HOOK_URL": url, "FLASK_MAIL_HOOK_SECRET": SECRET}

    done = subprocess.run(
        [*program, block(language, begin)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )

    assert done.stdout.strip() == '{"taken":1}', done.stderr
    assert {address: cause for address, (cause, _) in suppressed(app).items()} == effect


def test_the_form_that_is_shown_is_read() -> None:
    told = read(json.loads(block("json", "{")))

    assert [event.address for event in told.events] == ["ada@example.org", "bo@example.org"]
    assert told.others == 0
