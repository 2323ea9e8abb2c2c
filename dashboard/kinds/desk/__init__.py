"""The desk itself: what it knows, as files."""

from dashboard.jobs.kind import Family, Kind
from dashboard.kinds.desk.job_list import job_list
from dashboard.words import marked


def kinds() -> dict[str, Kind]:
    """Give each kind by its name."""
    return {job_list.name: job_list}


family = Family(name="desk", title=marked("Desk"), prefix="D", icon="concierge-bell", kinds=kinds)
