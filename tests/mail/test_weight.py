"""What speaks against a message: each thing that is looked at, and what is left alone."""

from html import escape

import pytest
from hypothesis import given, strategies as st

from dashboard.mail.domain import Finding
from dashboard.mail.weight import weigh

LEAVE = "https://desk.example.org/leave/x"
PROSE = "Dear Ada, here are the figures of October, which are better than those of September. " * 4


def weighed(html: str = "", **changes: object) -> list[Finding]:
    """Weigh a message that is good but for *html* and *changes*."""
    parts: dict[str, object] = {"subject": "Figures", "text": PROSE, "size": 3_000}
    return weigh(**{**parts, "unsubscribe": LEAVE, "html": html, **changes})  # type: ignore[arg-type]


def faults(html: str = "", **changes: object) -> list[tuple[str, str]]:
    """Give state and sentence of all that is not good."""
    found = weighed(html, **changes)
    return [(each.state, str(each)) for each in found if each.state != "good"]


def link(words: str, target: str) -> str:
    """Give HTML with a link among enough text."""
    return f'<p>{PROSE}</p><p><a href="{escape(target)}">{words}</a></p>'


def test_a_good_message_is_good_in_everything() -> None:
    html = link("The figures", "https://example.org/x") + '<img src="x.png" alt="A chart">'
    assert [str(each) for each in weighed(html)] == [
        "The message has 3 KB.",
        "Links: 1. Each leads where its words say.",
        "Images: 1. Each has a text for those who do not see it.",
        "Whoever gets the message can unsubscribe with one click.",
        "The message has a subject that is not all in capitals.",
    ]


def test_a_message_of_text_only_is_looked_at_too() -> None:
    assert faults() == []
    assert faults(text=f"{PROSE} http://example.org/x") == [
        ("weak", "Links that begin with http:// instead of https://: 1.")
    ]
    assert [str(each) for each in weighed()][1:3] == [
        "There are no links.",
        "There are no images.",
    ]


@pytest.mark.parametrize(
    ("size", "html", "expected"),
    [
        (100_000, 99_000, []),
        # What is attached hides nothing of the message.
        (9_000_000, 99_000, []),
        (10_000_000, 99_000, []),
        (
            140_500,
            100_001,
            [("weak", "The HTML has 101 KB: some mail programs hide what is beyond 100 KB.")],
        ),
        (
            10_000_001,
            100_001,
            [("wrong", "The message has 10001 KB: many mail servers refuse more than 10000 KB.")],
        ),
    ],
)
def test_large_messages_are_told(size: int, html: int, expected: list[tuple[str, str]]) -> None:
    assert faults("x" * html, size=size) == expected


def test_letters_beyond_ascii_weigh_what_they_take() -> None:
    assert [state for state, _ in faults("é" * 60_000)] == ["weak"]


@pytest.mark.parametrize(
    ("words", "target"),
    [
        ("https://bank.example", "https://evil.example"),
        ("HTTPS://Bank.Example/login", "https://evil.example"),
        ("Sign in at www.bank.example now", "https://evil.example"),
        ("bank.example", "https://evil.example/bank.example"),
        ("bank.example/login?x", "https://bank.example@evil.example/"),
        ("<b>bank</b>.<i>example</i>", "https://evil.example"),
        ("bank&#46;example", "https://evil.example"),
        ("bank.co.uk", "https://evil.co.uk"),
        ("https://10.0.0.1/", "https://10.5.0.1/"),
        ("ada@bank.example", "mailto:eve@bank.example"),
        ("ada@bank.example", "https://evil.example"),
        ("bank.example", "mailto:eve@evil.example"),
    ],
)
def test_words_that_name_another_address_are_wrong(words: str, target: str) -> None:
    [(state, sentence)] = faults(link(words, target))
    assert state == "wrong"
    assert sentence == "Links whose words name another address than they lead to: 1."


@pytest.mark.parametrize(
    ("words", "target"),
    [
        ("https://bank.example", "https://bank.example/"),
        ("bank.example", "https://www.bank.example/login"),
        ("www.bank.example", "https://login.bank.example"),
        ("shop.bank.co.uk", "https://bank.co.uk"),
        ("bücher.example", "https://xn--bcher-kva.example"),
        ("Ada@Bank.example", "mailto:ada%40bank.example?subject=Hello"),
        ("Write to ada@bank.example", "mailto:eve@bank.example"),
        ("report.pdf", "https://files.example/1"),
        ("Node 1.5 and more", "https://files.example/1"),
        ("e.g.", "https://files.example/1"),
        ("", "https://files.example/1"),
        ("www.bank.example<br>now", "https://bank.example"),
        ("https://bank.example./", "https://bank.example"),
        ("bank.example", "#top"),
        ("bank.example", "https://["),
        ("https://[", "https://bank.example"),
    ],
)
def test_words_that_fit_their_target_are_left_alone(words: str, target: str) -> None:
    assert faults(link(words, target)) == []


def test_a_target_that_is_given_twice_is_the_first_as_in_a_browser() -> None:
    html = "<a href='https://evil.example' href='https://bank.example'>bank.example</a>"
    assert [state for state, _ in faults(html + PROSE)] == ["wrong"]


def test_links_that_are_told_are_shown_and_not_too_many() -> None:
    html = "".join(link("bank.example", f"http://evil.example/{at}") for at in range(50))
    [_, misleading, plain, *_] = weighed(html)
    assert (misleading.values["number"], plain.values["number"]) == (50, 50)
    assert misleading.record.splitlines()[0] == "bank.example → http://evil.example/0"
    assert len(misleading.record.splitlines()) == len(plain.record.splitlines()) == 10


def test_a_link_is_shown_on_one_line_however_long_it_is() -> None:
    html = link("bank.example\n " + "x " * 5_000, f"http://evil.example/{'x' * 5_000}")
    plain = next(each for each in weighed(html) if each.state == "weak")
    assert plain.record.startswith("http://evil.example/xx")
    misleading = weighed(link("\nwww.bank.example\n or " + "x " * 5_000, "https://evil.example"))[1]
    assert misleading.record.startswith("www.bank.example or x x")
    assert len(plain.record) < 200 > len(misleading.record)
    assert "\n" not in plain.record + misleading.record


@pytest.mark.parametrize(
    ("tag", "is_told"),
    [
        ("<img src='x'>", True),
        ("<IMG SRC=x />", True),
        ("<img src=x title='alt=x'>", True),
        ("<img src=x alt='A chart'>", False),
        ("<img alt='5 > 4' src=x>", False),
        ("<img src=x alt>", False),
        ("<img alt='' src=x>", False),
    ],
)
def test_images_without_a_text_are_told(tag: str, is_told: bool) -> None:
    sentence = "Images without a text for those who do not see them: 1."
    assert faults(f"<p>{PROSE}</p>{tag}") == ([("weak", sentence)] if is_told else [])


def test_images_with_hardly_any_text_are_told() -> None:
    html = "<title>" + "Words that nobody sees " * 20 + "</title><img src=x alt='The news'>Leave"
    assert faults(html) == [
        ("weak", "There is hardly any text beside the images, which looks like spam.")
    ]


@pytest.mark.parametrize("html", ["", "<p> \n&nbsp;</p>", "<!-- hello -->", "<style>p {}</style>"])
def test_an_empty_message_is_wrong(html: str) -> None:
    assert faults(html, text=" \n") == [("wrong", "The message is empty.")]


@pytest.mark.parametrize("unsubscribe", ["", "http://example.org/leave", "mailto:x@example.org"])
def test_bulk_mail_that_cannot_be_left_with_one_click_is_wrong(unsubscribe: str) -> None:
    [(state, sentence)] = faults(unsubscribe=unsubscribe)
    assert (state, "List-Unsubscribe" in sentence) == ("wrong", True)
    assert faults(unsubscribe=unsubscribe, bulk=False) == []


@pytest.mark.parametrize(
    ("subject", "state"),
    [
        ("", "wrong"),
        (" \t", "wrong"),
        ("BUY NOW, ONLY TODAY", "weak"),
        ("ÄPFEL UND BIRNEN 50 %", "weak"),
        ("FAQ", "good"),
        ("GDPR: what is new", "good"),
        ("十月的销售数字已经准备好了", "good"),
        ("2026", "good"),
    ],
)
def test_a_subject_is_judged(subject: str, state: str) -> None:
    assert weighed(subject=subject)[-1].state == state


@pytest.mark.parametrize(
    "hidden", ["<!-- {} -->", "<!-- <!-- {} -->", "<style>{}</style>", "<SCRIPT x>{}</SCRIPT >"]
)
def test_what_nobody_sees_is_not_looked_at(hidden: str) -> None:
    seen = hidden.format(link("bank.example", "http://evil.example"))
    assert faults(f"<p>{PROSE}</p>{seen}<img src=x>") == [
        ("weak", "Images without a text for those who do not see them: 1.")
    ]


pieces = st.sampled_from(
    [
        "<a href='",
        "<a href=x>",
        "</a>",
        "<!--",
        "-->",
        "<img",
        "alt=",
        ">",
        '"',
        "<style>",
        "</",
        "&#",
    ]
)


@given(st.lists(pieces | st.text(max_size=10)).map("".join))
def test_whatever_the_html_is_something_is_said_of_each_thing(html: str) -> None:
    assert len(weighed(html)) >= 5


@pytest.mark.parametrize(
    "piece", ["<", "<a ", "<!--", "<div>", "<a x='", "<style>", "<a href=x>", "&#", "<![", "</a"]
)
@pytest.mark.timeout(20)
def test_broken_html_of_half_a_megabyte_does_not_hang(piece: str) -> None:
    assert len(weighed(piece * (500_000 // len(piece)))) >= 5


hosts = st.from_regex(r"[a-z]{1,10}\.(?:org|example|co\.uk)", fullmatch=True)


@given(hosts, hosts, st.sampled_from(["", "https://", "www.", "https://www."]))
def test_only_the_owner_of_an_address_may_be_led_to(named: str, host: str, front: str) -> None:
    html = link(escape(f"{front}{named}"), f"https://mail.{host}/path")
    assert [state for state, _ in faults(html)] == ([] if named == host else ["wrong"])


@given(st.text(st.characters(codec="utf-8")).filter(lambda text: "." not in text))
def test_words_without_an_address_never_mislead(words: str) -> None:
    assert faults(link(escape(words), "https://example.org/?a=1&b=2")) == []
