"""The file in which a check keeps what it has found."""

from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from uuid import UUID

import pytest

from dashboard.jobs.twins import Twins
from dashboard.kinds.imports import findings as findings_of
from dashboard.kinds.imports.findings import Bad, Changed, Fault, Findings, summed
from dashboard.kinds.imports.packing import pack, unpack
from dashboard.kinds.imports.unfit import Unfit

VALUES = (
    *(None, True, 1, 1.5, "text", Decimal("1.50"), date(2026, 2, 28), time(9, 5), b"\x00"),
    *(datetime(2026, 2, 28, 9, tzinfo=UTC), UUID("123e4567-e89b-12d3-a456-426614174000")),
)


def test_values_come_back_as_they_were() -> None:
    back = unpack(pack(VALUES))

    assert back == VALUES
    assert [type(value) for value in back] == [type(value) for value in VALUES]


def test_findings_are_read_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "found.db"
    unfit = Unfit("Too long: at most %(limit)s characters, this has %(length)s", limit=3, length=4)
    bad = [Bad(row, ("x" * 600, ""), (Fault("name", unfit),)) for row in (3, 9)]
    changed = [Changed(4, (1, Decimal("2")), (1, Decimal("3")))]
    with Findings.written(path) as found:
        found.tell(columns=["id", "price"])
        found.add(0, 2, ["n", "b", "c", "s"], bad=bad[:1], changed=changed)
        found.add(1, 6, ["b"], bad=bad[1:], changed=[])
        found.show("n", [(2, (7, Decimal("1")))])
        assert found.counts == {"n": 1, "b": 2, "c": 1, "s": 1}
        assert summed(found.reasons, 5) == [["name", unfit.message, unfit.values, 2]]

    with Findings.read(path) as found:
        assert found.told() == {"columns": ["id", "price"]}
        assert (found.fates(0), found.fates(1), found.fates(2)) == ((2, "nbcs"), (6, "b"), (0, ""))
        (first,) = found.bad(limit=1)
        assert (first.row, first.cells) == (3, ("x" * 500, ""))
        assert str(first.faults[0].unfit) == "Too long: at most 3 characters, this has 4"
        assert [each.row for each in found.bad(after=3, limit=9)] == [9]
        assert found.changed(limit=9) == changed
        assert found.before_of(0) == {4: (1, Decimal("2"))}
        assert found.shown("n", limit=9) == [(2, (7, Decimal("1")))]


def test_of_rows_that_are_new_only_some_are_kept_to_be_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(findings_of, "SHOWN", 2)
    with Findings.written(tmp_path / "found.db") as found:
        found.show("n", [(2, (1,)), (3, (2,))])

        assert found.room("n") == 0
        assert found.room("s") == 2


@pytest.mark.parametrize("in_memory", [100, 0, 3])
def test_rows_about_the_same_thing_are_found_in_memory_and_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_memory: int
) -> None:
    monkeypatch.setattr("dashboard.jobs.twins.IN_MEMORY", in_memory)
    with Twins(tmp_path / "seen.db") as twins:
        first = twins.firsts([2, 3, 4, 5], [("a", 1), ("b", 1), ("a", 1), (None, 1)])
        second = twins.firsts([6, 7, 8], [("b", Decimal("1.0")), (None, 1), ("c", 1)])
        third = twins.firsts([9, 10], [("c", 1), ("c", 1)])

    assert (first, second, third) == ({4: 2}, {6: 3}, {9: 8, 10: 8})
    assert not list(tmp_path.iterdir())
