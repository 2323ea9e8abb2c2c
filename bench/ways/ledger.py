"""Adds many ended jobs to the ledger of a running desk, as demo crowd does."""

from bench.fresh import arguments, tell
from dashboard import create_app
from dashboard.showcase.crowd import crowd

given = arguments()
app = create_app(**given["settings"])


def work() -> dict[str, int]:
    """Add the jobs; gives how many."""
    crowd(given["jobs"], given["seed"])
    return {"jobs": given["jobs"]}


with app.app_context():
    tell(work)
