"""The families of jobs that this desk can do."""

from dashboard.jobs.kind import Family
from dashboard.kinds import desk, exports, reports

FAMILIES: tuple[Family, ...] = (reports.family, exports.family, desk.family)
