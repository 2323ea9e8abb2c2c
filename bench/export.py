"""An export of all orders as a job, in a process of its own."""

from bench.desk import REPORTS
from bench.fresh import Took, fresh
from bench.measure import Setting


def export(setting: Setting, source: str, redis: str, rows: int) -> Took:
    """Export the *rows* orders of the database *source* to CSV."""
    state = setting.folder / "job"
    settings = {
        "INSTANCE_PATH": str(state),
        "REDIS_URL": redis,
        "SOURCES": {"orders": source},
        "REPORTS_DIR": str(REPORTS / "orders"),
    }
    reports = {"warm_up": "few-orders", "report": "orders"}
    took = fresh("report_job", setting.folder, settings=settings, **reports)
    assert took.told["rows"] == rows, took
    # An export has a hundred megabytes and more.
    for file in (state / "files").glob("*/*.csv"):
        file.unlink()
    return took
