"""One run of a part."""

import asyncio
import gc
import os
import sys

import pytest

from dashboard.supervisor import Console, Part
from dashboard.supervisor.offspring import Offspring
from dashboard.supervisor.run import LINE_BYTES, Run


def words_of(code: str) -> list[str]:
    """Run Python *code* as a part; give its last words."""

    async def live() -> list[str]:
        offspring = Offspring()
        run = Run(Part("web", "The web part", (sys.executable, "-c", code)), Console())
        async with asyncio.timeout(60):
            await offspring.end_of(run)
        run.close()
        run.close()  # Closing twice is harmless.
        return list(run.last_words)

    return asyncio.run(live())


def test_errors_and_output_come_as_lines_and_the_last_one_needs_no_end() -> None:
    assert words_of("import sys; print('one'); sys.stderr.write('two')") == ["one", "two"]


def test_bytes_that_are_no_text_do_no_harm() -> None:
    assert words_of("import sys; sys.stdout.buffer.write(b'caf\\xe9\\n')") == ["caf\ufffd"]


def test_a_line_without_an_end_is_broken() -> None:
    words = words_of(f"print('x' * {3 * LINE_BYTES})")
    assert len(words) > 1
    assert "".join(words) == "x" * 3 * LINE_BYTES


def test_everything_said_before_the_end_is_heard() -> None:
    assert words_of("[print(n) for n in range(50000)]")[-1] == "49999"


def test_a_grandchild_that_holds_the_output_does_not_hold_the_end() -> None:
    code = "import subprocess; subprocess.Popen(['sleep', '600']); print('gone')"
    assert words_of(code) == ["gone"]


def test_a_program_that_is_missing_leaves_no_open_file() -> None:
    async def start() -> None:
        Run(Part("web", "The web part", ("/no/such/program",)), Console())

    gc.collect()  # What earlier tests have left closes its files now, not meanwhile.
    before = len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0
    with pytest.raises(FileNotFoundError):
        asyncio.run(start())
    if before:
        assert len(os.listdir("/proc/self/fd")) == before
