"""The plain text of a message reads well in 78 columns."""

import re
import time

from hypothesis import given, settings, strategies as st

from dashboard.mail import writing
from dashboard.mail.writing import Draft

BODY = """# Hello

Your order {{ number }} is **on its way**. [Follow it](https://a.example/{{ number }}), write to
<help@a.example> or see <https://a.example/>.\\
A new line.

1. one
2. two
   - three
     and more

> Said by somebody
> else

    code  stays

| Item | Price |
|------|------:|
| Tea  | 3.00  |

---

## End
![A picture](https://a.example/b.png)
"""
TEXT = """Hello
=====

Your order A/7 is on its way. Follow it (https://a.example/A%2F7), write to
help@a.example or see https://a.example/.
A new line.

1. one
2. two
   - three and more

> Said by somebody else

    code  stays

Item | Price
Tea  | 3.00

--------------------

End
---

A picture
"""


def text_of(body: str, **values: str) -> str:
    """Give the plain text of *body*, filled."""
    return writing.compile(Draft("", body)).render(values).text


def test_markdown_becomes_text_that_reads_well() -> None:
    assert text_of(BODY, number="A/7") == TEXT


def test_lines_hang_below_their_bullets_and_marks() -> None:
    words = "word " * 20
    lines = text_of(f"- {words}\n\n> {words}\n>\n> - {words}").splitlines()
    assert [line.partition("w")[0] for line in lines] == [
        "- ", "  ", "", "> ", "> ", "", "> - ", ">   ",
    ]  # fmt: skip


def test_a_line_is_wrapped_when_its_fields_are_filled() -> None:
    lines = text_of("{{ a }} {{ a }}, {{ a }}.", a="x" * 30).splitlines()
    assert lines == [f"{'x' * 30} {'x' * 30},", f"{'x' * 30}."]


def test_a_word_that_is_too_long_is_not_cut() -> None:
    assert text_of("- {{ a }} b", a="x" * 100) == f"- {'x' * 100}\n  b\n"


WORDS = st.lists(st.text("abé", min_size=1, max_size=30), min_size=1, max_size=60).map(" ".join)
EDGES = st.lists(st.sampled_from(["> ", "- ", "7. "]), max_size=3).map("".join)


@settings(deadline=None)
@given(EDGES, WORDS, WORDS)
def test_no_line_is_too_long_and_no_word_is_lost(edges: str, before: str, value: str) -> None:
    text = text_of(f"{edges}x{before} {{{{ a }}}}", a=value)
    assert max(map(len, text.splitlines())) <= 78
    bare = re.sub(r"^[-> 7.]*", "", text, flags=re.MULTILINE)
    assert bare.split() == f"x{before} {value}".split()


def test_ten_megabytes_of_one_value_are_wrapped_in_time() -> None:
    written = writing.compile(Draft("", "Dear {{ a }}"))
    begin = time.process_time()
    text = written.render({"a": "Ada " * 2_500_000}).text
    assert time.process_time() - begin < 20
    assert max(map(len, text.split("\n"))) <= 78
