"""How long an import can be undone, and what is forgotten when that time is over."""

from sqlalchemy import func, select, update

from dashboard.jobs.old_images import OldImages
from dashboard.models import Attachment, clock, transaction
from tests.kinds.imports.importer import Importer
from tests.kinds.imports.undoer import looks, presses_undo

FILE = "customer_no,name\nC-8,Eight\nC-9,Nine\n"


def counted(importer: Importer) -> list[tuple[object, ...]]:
    """Give how many rows are kept, as images or packed, and how many marks there are."""
    packed = "(SELECT coalesce(sum(rows), 0)::bigint FROM bellhop_import_packed)"
    with importer.shop.source.reading(timeout=10) as reading:
        return [
            tuple(row)
            for batch in reading.rows(
                "SELECT (SELECT count(*) FROM bellhop_import_before)"
                f" + {packed if importer.shop.is_postgresql else 0} AS images,"
                " (SELECT count(*) FROM bellhop_import) AS marks",
                {},
            )
            for row in batch
        ]


def forget(importer: Importer) -> int:
    """Forget what is older than a moment in the future."""
    importer.app.config["KEEP_IMAGES_DAYS"] = -1
    with importer.app.app_context():
        return OldImages().forget()


def test_images_go_and_the_marks_of_what_may_go_on_stay(importer: Importer) -> None:
    check = importer.checks(FILE)
    importer.imports(check)
    assert counted(importer) == [(2, 1)]

    assert forget(importer) == 2

    assert counted(importer) == [(0, 1)]
    assert looks(importer, check).result["lost"] == 2
    with importer.app.app_context(), transaction() as session:
        session.execute(update(Attachment).values(deleted_at=clock()))
        # What the check found, what it made ready, and what the look saw.
        assert session.scalar(select(func.count()).select_from(Attachment)) == 3
    assert forget(importer) == 0
    assert counted(importer) == [(0, 0)]


def test_what_is_young_enough_stays(importer: Importer) -> None:
    importer.imports(importer.checks(FILE))

    with importer.app.app_context():
        assert OldImages().forget() == 0

    assert counted(importer) == [(2, 1)]


def test_what_an_undo_that_is_not_over_needs_stays(importer: Importer) -> None:
    before = importer.rows()
    check = importer.checks(FILE)
    importer.imports(check)
    presses_undo(importer, looks(importer, check))
    with importer.app.app_context(), transaction() as session:
        session.execute(update(Attachment).values(deleted_at=clock()))

    assert forget(importer) == 0

    importer.works()
    assert importer.rows() == before
