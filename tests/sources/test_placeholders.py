"""Where a query's placeholders are, and where a colon is just a colon."""

import csv
import io
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from dashboard.sources import QueryError, Reading, WriteRefused
from dashboard.sources.placeholders import Placeholder, parse
from tests.sources.databases import everything, postgresql_database


def names(query: str, dialect: str = "postgresql") -> list[str]:
    """Give the names of the placeholders of *query* in their order."""
    pieces = parse(query, dialect).pieces
    return [piece.name for piece in pieces if isinstance(piece, Placeholder)]


def spelled(query: str, dialect: str = "postgresql", **params: object) -> str:
    """Give *query* with <key> in the place of each value."""
    return parse(query, dialect).spell(params, lambda key, _: f"<{key}>").strip()


@pytest.mark.parametrize(
    "opaque",
    [
        "':no'",
        "'it''s :no'",
        "E'it\\'s :no'",
        "e'\\\\' || ':no'",
        "E'a' -- and on\n '\\' :no'",
        "E'a'\n\n'b' \n '\\':no'",
        "N':no'",
        "U&'\\0441 :no'",
        "'a\\' || ':no'",
        '":no"',
        '"a "":no"" b"',
        "$$ :no ' $$",
        "$tag$ $$ :no $$ $tag$",
        "$Ünï$ :no $Ünï$",
        "'a'::text",
        "now()::date",
        "a[1:2]",
        "a[b:c]",
        "a[f(x):y]",
        "f(x := 1)",
        "/* :no */ 1",
        "/* /* */ :no */ 1",
        "/* ' */ 1 /* ' :no */",
        "-- :no\n 1",
        "1 -- ' :no",
        "a$b$ + c$b$",
        "B'101' || x':no'",
    ],
)
def test_no_placeholder_hides_in_what_postgresql_takes_whole(opaque: str) -> None:
    assert names(f"SELECT {opaque}\n, :yes") == ["yes"]


@pytest.mark.parametrize(
    ("dialect", "opaque"),
    [
        ("sqlite", "[a:no] || `:no` || \":no\" || ':no'"),
        ("sqlite", "'a\\' || ':no'"),
        ("sqlite", "/* /* :no */ 1"),
        ("mysql", "'it\\'s :no' || \"it\\\":no\" || `:no`"),
        ("mysql", "1 # :no ' \n"),
        ("mssql", "[:no]"),
        ("oracle", "':no' || \":no\""),
    ],
)
def test_no_placeholder_hides_in_what_others_take_whole(dialect: str, opaque: str) -> None:
    assert names(f"SELECT {opaque}\n, :yes", dialect) == ["yes"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("SELECT :a, :b, :a", ["a", "b", "a"]),
        ("SELECT :a::text, (:b)::int", ["a", "b"]),
        ("SELECT -:a, 1+:b, x=:c, f(:d,:e)", ["a", "b", "c", "d", "e"]),
        ("SELECT a[:from], :_x, :X1", ["from", "_x", "X1"]),
        ("SELECT ::a, : a, :1", []),
        ("SELECT ':a' ':b', 'c':d", []),
        ("SELECT $1, ?, @x", []),
        ("SELECT 'open :a", []),
        ("SELECT $$open :a", []),
        ("SELECT /* open :a", []),
    ],
)
def test_placeholders_are_found_in_order(query: str, found: list[str]) -> None:
    assert names(query) == found


def test_a_list_is_put_into_brackets_unless_it_has_them() -> None:
    assert spelled("SELECT 1 WHERE a IN :x", x=[1, 2]) == "SELECT 1 WHERE a IN (<x.0>, <x.1>)"
    assert spelled("SELECT 1 WHERE a IN ( :x )", x=[1]) == "SELECT 1 WHERE a IN ( <x.0> )"
    assert spelled("SELECT 1 WHERE a IN :x", x=5) == "SELECT 1 WHERE a IN (<x>)"
    assert spelled("SELECT 1 WHERE a in(:x)", x=None) == "SELECT 1 WHERE a in(<x>)"


def test_whether_a_value_is_null_is_answered_here() -> None:
    query = "SELECT 1 WHERE :a is  null OR :a IS NOT NULL OR a = :a"
    assert spelled(query, a=None) == "SELECT 1 WHERE NULL is  null OR NULL IS NOT NULL OR a = <a>"
    assert spelled(query, a="x") == "SELECT 1 WHERE 1 is  null OR 1 IS NOT NULL OR a = <a>"


@pytest.mark.parametrize(
    "query", ["SELECT 1;", "SELECT 1 ; ;; ", "SELECT 1; -- done;\n", "SELECT 1;/* ; */"]
)
def test_a_closing_semicolon_is_left_out(query: str) -> None:
    assert spelled(query) == "SELECT 1"


def test_a_comment_at_the_end_swallows_nothing_after_it() -> None:
    (only,) = parse("SELECT 1 -- one", "sqlite").pieces
    assert only == "SELECT 1 -- one\n"


@pytest.mark.parametrize(
    "query", ["SELECT 1; SELECT 2", "SELECT 1; x", "SELECT 1;'x'", "SELECT 1;:x", "SELECT 1;)"]
)
def test_a_second_statement_is_refused(query: str) -> None:
    with pytest.raises(QueryError, match="A query is one statement"):
        parse(query, "postgresql")


@pytest.mark.parametrize("query", ["SELECT ';'", 'SELECT ";"', "SELECT 1 -- ;", "SELECT $$;$$"])
def test_a_semicolon_within_a_token_is_none(query: str) -> None:
    assert spelled(query) == query


@pytest.mark.parametrize("query", ["/* x */ (SELECT 1)", "-- x\nWITH a AS (SELECT 1) TABLE a"])
def test_comments_and_brackets_may_come_first(query: str) -> None:
    assert spelled(query) == query


@pytest.mark.parametrize("query", ["insert into t", "-- SELECT\nDROP TABLE t", "(DELETE"])
def test_other_first_words_are_refused(query: str) -> None:
    with pytest.raises(WriteRefused, match="it begins with SELECT or WITH, not with [A-Z]+"):
        parse(query, "sqlite")


def test_a_query_with_nul_is_refused() -> None:
    with pytest.raises(QueryError, match="holds a character that is no text"):
        parse("SELECT '\0'", "sqlite")


@pytest.fixture(scope="module")
def reading(postgres_url: str) -> Iterator[Reading]:
    with postgresql_database(postgres_url) as shop, shop.source.reading() as reading:
        yield reading


PIECES = {
    "'lit :v'": "lit :v",
    "'it''s :v'": "it's :v",
    "'a\\'": "a\\",
    "E'esc\\' :v'": "esc' :v",
    "E'a'\n'\\' :v'": "a' :v",
    "E'a' -- ' :v\n  '\\\\'": "a\\",
    "$$ ':v $$": " ':v ",
    "$v$ $$ :v ' $v$": " $$ :v ' ",
    "U&'d\\0061t :v'": "dat :v",
    '(SELECT t.":v" FROM (SELECT \'q\' AS ":v") t)': "q",
    "(ARRAY['x', 'y', 'z'])[1:1]::text": "{x}",
    "/* ' :v */ 'c'": "c",
    "/* /* :v */ ' */ 'd'": "d",
    "-- ' $$ :v\n 'e'": "e",
    "'f'::text": "f",
}
"""Texts of PostgreSQL in which a placeholder seems to be, and what they are."""

LIVE = (":v::text", "(:v)::text", "CAST(:v AS text)", "concat(:v::text)")

NASTY = st.text(alphabet="'\"\\$:;-/*()\n\rEev1 ä", max_size=12)


@given(
    pieces=st.lists(st.sampled_from([*PIECES, *LIVE]), min_size=1, max_size=6),
    value=NASTY,
)
@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_postgresql_sees_placeholders_and_literals_where_we_do(
    reading: Reading, pieces: list[str], value: str
) -> None:
    query = "SELECT " + "\n|| ".join(pieces) + " AS told, 1 AS last"
    expected = "".join(PIECES.get(piece, value) for piece in pieces)
    assert everything(reading, query, v=value) == [(expected, 1)]
    chunks = reading.csv(query, {"v": value}, formula_safe=False)
    assert chunks is not None
    told = b"".join(chunk for chunk, _ in chunks).decode()
    assert list(csv.reader(io.StringIO(told, newline=""))) == [[expected, "1"]]
