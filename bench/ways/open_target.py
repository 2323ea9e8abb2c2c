"""Opens a table of a running desk's source for import, as an administrator does."""

from bench.fresh import arguments, tell
from dashboard import create_app
from dashboard.jobs import targets

given = arguments()
app = create_app(**given["settings"])


def work() -> dict[str, str]:
    """Open it; gives its title."""
    targets.target(given["source"]).prepare()
    title = f"Import {given['table']}"
    return {
        "title": targets.open_target(given["source"], given["table"], title=title, by=None).title
    }


with app.app_context():
    tell(work)
