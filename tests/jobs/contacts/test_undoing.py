"""What an import wrote into a list is taken back, shown as rows of that list."""

from typing import Any

from sqlalchemy import update

from dashboard.models import Contact, transaction
from dashboard.sources.writing import Change, Counts, TargetTable
from tests.jobs.contacts.conftest import Lists

BY = ("email",)
COLUMNS = ("email", "name")


def test_an_import_into_a_list_is_taken_back_but_for_what_somebody_changed(
    lists: Lists, readers: TargetTable
) -> None:
    rows: list[tuple[Any, ...]] = [(f"{n}@example.org", "Old") for n in range(3)]
    with lists.target.writing("r1") as writing:
        first = [Change(at, row) for at, row in enumerate(rows, 2)]
        writing.write(readers, 0, COLUMNS, BY, first, keep_before=True)
    with lists.target.writing("r2") as writing:
        changes = [Change(at, (row[0], "New"), row) for at, row in enumerate(rows, 2)]
        changes.append(Change(5, ("new@example.org", "New")))
        writing.write(readers, 0, COLUMNS, BY, changes, keep_before=True)
    with lists.app.app_context(), transaction() as session:
        mine = update(Contact).where(Contact.address == "1@example.org")
        session.execute(mine.values({"values": {"name": "Mine"}}))
    with lists.target.undoing("u1", "r2", readers, read_only=True) as undoing:
        seen = {one.row: one for batch in undoing.look() for one in batch}
    assert {row: one.outlook for row, one in seen.items()} == {
        2: "restore",
        3: "changed",
        4: "restore",
        5: "remove",
    }
    assert seen[2].before is not None
    assert (seen[2].before["email"], seen[2].before["name"]) == ("0@example.org", "Old")
    assert seen[3].now is not None
    assert seen[3].now["name"] == "Mine"
    with lists.target.undoing("u1", "r2", readers) as undoing:
        written = undoing.undo(0)
        assert undoing.undo(0) == written
    assert written.counts == Counts(updated=2, deleted=1, refused=written.counts.refused)
    assert [(email, values["name"]) for _, email, values in lists.rows(readers)] == [
        ("0@example.org", "Old"),
        ("1@example.org", "Mine"),
        ("2@example.org", "Old"),
    ]
