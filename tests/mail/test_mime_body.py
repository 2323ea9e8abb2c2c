"""Texts and HTML come back as they were given, whatever they hold."""

from hypothesis import example, given, strategies as st

from tests.mail.mime_messages import content, is_well_formed, kept, parsed, written

signs = st.characters(exclude_categories=["Cs"])
awkward = st.sampled_from(" \t\r\n.=-_ab\0ü日🎉")
long = st.text(st.sampled_from(" \t.=ab"), min_size=60, max_size=200)
lines = st.lists(st.text(signs | awkward, max_size=90) | long, max_size=8)
texts = st.builds(str.join, st.sampled_from(["\n", "\r\n"]), lines)


def stuffed(message: bytes) -> bytes:
    """Give *message* as it travels after DATA (RFC 5321, 4.5.2)."""
    return b"".join(
        b"." + line if line.startswith(b".") else line for line in message.splitlines(True)
    )


def unstuffed(data: bytes) -> bytes:
    """Give what a server takes from *data*."""
    return b"".join(line.removeprefix(b".") for line in data.splitlines(True))


@given(texts)
@example("")
@example(".\n..\n.x\n")
@example("a" * 75 + " \nb\n")
@example("a" * 3000)
@example("日本語" * 1000)
@example("--=_mixed--\n--=_alternative\n")
def test_a_text_comes_back(text: str) -> None:
    message = written(text=text)
    assert is_well_formed(message)
    found = parsed(message)
    assert found.get_content_type() == "text/plain"
    assert content(found) == kept(text)
    assert max(map(len, message.partition(b"\r\n\r\n")[2].split(b"\r\n"))) <= 76


@given(texts, texts.filter(bool))
@example("", "<p>x</p>")
@example("--=_alternative--", "--=_alternative--")
def test_text_and_html_come_back(text: str, html: str) -> None:
    message = written(text=text, html=html)
    assert is_well_formed(message)
    found = parsed(message)
    assert found.get_content_type() == "multipart/alternative"
    plain, rich = found.iter_parts()
    assert [part.get_content_type() for part in (plain, rich)] == ["text/plain", "text/html"]
    assert (content(plain), content(rich)) == (kept(text), kept(html))


@given(texts, texts)
def test_dots_at_the_beginning_of_lines_survive_smtp(text: str, html: str) -> None:
    message = written(text=text, html=html)
    travelling = stuffed(message)
    assert b"\r\n.\r\n" not in travelling
    assert unstuffed(travelling) == message


def test_the_shorter_encoding_is_taken() -> None:
    assert (
        parsed(written(text="Viele Grüße von allen aus Köln\n"))["Content-Transfer-Encoding"]
        == "quoted-printable"
    )
    assert parsed(written(text="日本語\n" * 20))["Content-Transfer-Encoding"] == "base64"


def test_half_a_character_in_a_text_becomes_a_question_mark() -> None:
    assert content(parsed(written(text="a\ud83cb\n"))) == "a?b\n"
