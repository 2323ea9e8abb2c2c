"""Opens a table of a running desk's source for export, as an administrator does."""

from bench.fresh import arguments, tell
from dashboard import create_app
from dashboard.jobs import tables

given = arguments()
app = create_app(**given["settings"])


def work() -> dict[str, str]:
    """Open it; gives its title."""
    title = given["table"].title()
    return {"title": tables.open_table(given["source"], given["table"], title=title, by=None).title}


with app.app_context():
    tell(work)
