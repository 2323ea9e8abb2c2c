"""What is said of attachments: their weight in an e-mail, and types that nobody gets."""

from base64 import encodebytes

import pytest

from dashboard.mail.mime import Attached
from dashboard.mail.weight import File, weigh_attachments


def states(*files: File) -> list[tuple[str, str]]:
    """Give state and record of each finding."""
    return [(each.state, each.record) for each in weigh_attachments(files)]


def test_nothing_attached_is_good() -> None:
    [finding] = weigh_attachments([])
    assert (finding.state, str(finding)) == ("good", "Nothing is attached.")


@pytest.mark.parametrize("size", [0, 1, 56, 57, 58, 100_000])
def test_a_file_weighs_what_it_takes_in_a_message(size: int) -> None:
    content = b"x" * size
    part = Attached("plan.pdf", "application/pdf", content).part()
    body = part.partition(b"\r\n\r\n")[2]
    written = encodebytes(content)
    lines = written.count(b"\n")
    assert abs(File("plan.pdf", size).travelling - (len(written) + lines)) <= 78
    assert abs(File("plan.pdf", size).travelling - len(body)) <= 80


def test_the_weight_of_all_counts_together() -> None:
    half = File("half.pdf", 800_000)
    assert states(half) == [("good", "half.pdf")]
    assert states(half, half) == [("weak", "half.pdf\nhalf.pdf")]
    assert "together 2190 KB" in str(weigh_attachments([half, half])[0])


@pytest.mark.parametrize("name", ["fair.exe", "FAIR.EXE", "plan.pdf.js", "x.lnk"])
def test_what_mail_servers_refuse_is_wrong(name: str) -> None:
    assert states(File(name, 10), File("plan.pdf", 10))[1:] == [("wrong", name)]


@pytest.mark.parametrize("name", ["plan.pdf", "exe", "exe.pdf", "data.xlsx", "notes.txt"])
def test_what_everybody_gets_is_left_alone(name: str) -> None:
    assert [state for state, _ in states(File(name, 10))] == ["good"]


def test_macros_are_weak() -> None:
    assert states(File("sales.xlsm", 10))[1:] == [("weak", "sales.xlsm")]
