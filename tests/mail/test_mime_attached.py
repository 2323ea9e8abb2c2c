"""Attachments come back as they were given."""

from email.utils import unquote

import pytest
from hypothesis import example, given, strategies as st

from dashboard.mail.mime import Attached, BadHeader, Mould
from tests.mail.mime_messages import (
    SENDER,
    broken,
    content,
    is_well_formed,
    line,
    parsed,
    written,
)

LONG = "Umsätze nach Regionen, Märkten und Ländern " * 5 + ".csv"


def stripped(name: str) -> str:
    """Give *name* without the blanks around it."""
    return name.strip()


media_type = st.sampled_from(
    [
        "",
        "application/pdf",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "image/png",
    ]
)
file = st.builds(Attached, line.map(stripped), media_type, st.binary(max_size=300))


@given(st.lists(file, min_size=1, max_size=3))
@example([Attached("report 2026.csv", "", b"")])
@example([Attached('""', "", b"")])
@example([Attached(LONG, "application/pdf", b"\r\n.\r\n--=_mixed--\r\n")])
@example([Attached("日" * 200, "application/pdf", b"x" * 5000)])
def test_attachments_come_back(files: list[Attached]) -> None:
    message = written(Mould(SENDER, attachments=files), text="Hallo\n", html="<p>Hallo</p>\n")
    assert is_well_formed(message)
    assert max(map(len, message.split(b"\r\n"))) <= 78
    found = parsed(message)
    assert found.get_content_type() == "multipart/mixed"
    body, *parts = found.iter_parts()
    assert body.get_content_type() == "multipart/alternative"
    # The standard library takes quotation marks and <> around a name away, though they are part
    # of it.
    names = [unquote(file.name) for file in files]
    assert [part.get_filename() or "" for part in parts] == names
    assert [part.get_content() for part in parts] == [file.content for file in files]
    assert [part.get_content_type() for part in parts] == [
        file.media_type or "application/octet-stream" for file in files
    ]
    assert all(part.is_attachment() for part in parts)


def test_a_text_goes_with_attachments_also_without_html() -> None:
    mould = Mould(SENDER, attachments=[Attached("a.csv", "text/csv; charset=utf-8", b"\xc3\xbc\n")])
    text, table = parsed(written(mould, text="Hallo\n")).iter_parts()
    assert (text.get_content_type(), content(text)) == ("text/plain", "Hallo\n")
    assert (table.get_content_type(), content(table)) == ("text/csv", "ü\n")


@pytest.mark.parametrize("kind", ["message/rfc822", "Multipart/mixed"])
def test_a_message_as_an_attachment_travels_as_any_file(kind: str) -> None:
    mould = Mould(SENDER, attachments=[Attached("mail.eml", kind, b"Subject: x\n\nx\n")])
    _text, mail = parsed(written(mould)).iter_parts()
    assert mail.get_content_type() == "application/octet-stream"
    assert mail.get_content() == b"Subject: x\n\nx\n"


@given(broken)
def test_no_header_can_be_smuggled_in_by_an_attachment(bad: str) -> None:
    with pytest.raises(BadHeader, match="name of an attachment"):
        Mould(SENDER, attachments=[Attached(bad, "text/csv", b"")])
    with pytest.raises(BadHeader):
        Mould(SENDER, attachments=[Attached("a.csv", f"text/csv; name={bad}", b"")])
    with pytest.raises(BadHeader):
        Mould(SENDER, attachments=[Attached("a.csv", bad, b"")])


@pytest.mark.parametrize(
    "kind", ["text", "text/", "text/csv;", "a/b/c", "text/csv, text/html", "ü/x"]
)
def test_what_is_no_type_of_a_file_is_refused(kind: str) -> None:
    with pytest.raises(BadHeader, match="no type of a file"):
        Mould(SENDER, attachments=[Attached("a.csv", kind, b"")])
