"""What is exported “for importing again” from a table imports into it as all the same."""

from datetime import date, timedelta
from random import Random

import pytest

from dashboard.jobs import tables
from tests.kinds.imports.importer import CHECK, Importer

ROWS = 150
# What breaks readers of CSV, writers of it, and whoever guesses at types. A text of \N alone is
# left out: to whatever reads CSV it is the mark for no value.
PIECES = (
    "",
    " ",
    ",",
    ";",
    '"',
    "\n",
    "\r\n",
    "'",
    "=1+1",
    "\\",
    "\t",
    "é",
    "文",
    "😀",
    "0",
    "1.5",
)


def values(dice: Random, number: int) -> tuple[object, ...]:
    """Give the values of one row."""
    text = "".join(dice.choice(PIECES) for _ in range(dice.randrange(6)))[:30]
    day = date(1970, 1, 1) + timedelta(days=dice.randrange(-40_000, 40_000))
    return (
        f"K-{number}",
        text,
        dice.choice([None, day.isoformat()]),
        dice.choice([None, f"{dice.randrange(-99_999_999, 99_999_999) / 100:.2f}"]),
        dice.choice([None, True, False]),
        dice.choice([None, f"{number}@example.org", f"{number} {text}"]),
    )


def spelled(importer: Importer, value: object) -> str:
    """Give *value* as SQL has it."""
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return importer.shop.say(sqlite=str(int(value)), postgresql=str(value).lower())
    return "'" + str(value).replace("'", "''") + "'"


@pytest.mark.parametrize("seed", [1, 2])
def test_what_was_exported_for_it_imports_as_all_the_same(importer: Importer, seed: int) -> None:
    dice = Random(seed)
    rows = [values(dice, number) for number in range(ROWS)]
    told = ",\n".join(
        "(" + ", ".join(spelled(importer, value) for value in row) + ")" for row in rows
    )
    importer.shop.execute(f"INSERT INTO customers VALUES {told};")
    with importer.app.app_context():
        tables.open_table("shop", "customers", title="Customers", by=None)
    body = {"params": {"manner": "re-import"}, "formats": ["csv"]}
    answer = importer.person.calls("POST", "/jobs/export-shop-customers", json=body)
    assert answer.json is not None
    importer.works()
    (file,) = importer.fact(answer.json["id"]).files
    with importer.person.opens(f"/files/{file.id}") as download:
        data = download.get_data()

    check = importer.checks(data, nulls="mark", decimal=".", encoding="utf-8", delimiter="comma")

    assert check.kind == CHECK
    assert check.result["counts"] == {"n": 0, "c": 0, "s": ROWS + 2, "l": 0, "b": 0}, check.result[
        "reasons"
    ]
