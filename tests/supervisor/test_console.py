"""The one output of all parts."""

import io

import pytest

from dashboard.supervisor import Console


class Terminal(io.StringIO):
    """A stream that says that it is a terminal."""

    def isatty(self) -> bool:
        return True


class Gone(io.StringIO):
    """A pipe whose reader has gone."""

    def write(self, text: str) -> int:
        raise BrokenPipeError


def test_on_a_terminal_each_part_has_its_colour(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    stream = Terminal()
    console = Console(stream)
    console.tell("web", "one")
    console.tell("worker", "two")
    assert stream.getvalue() == "\033[32mweb    |\033[0m one\n\033[33mworker |\033[0m two\n"


def test_no_color_is_honoured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    stream = Terminal()
    Console(stream).tell("web", "one")
    assert stream.getvalue() == "web    | one\n"


def test_a_reader_who_has_gone_does_no_harm() -> None:
    console = Console(Gone())
    console.say("one")
    console.tell("web", "two")
