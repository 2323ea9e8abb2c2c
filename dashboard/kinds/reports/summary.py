"""What the page of a finished report shows beside its files: first rows, totals, the chart."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from dashboard.formats import Chart, Column
from dashboard.formats.display import display
from dashboard.formats.remarks import Remarks
from dashboard.formats.totals import Totals
from dashboard.jobs.seen import Seen
from dashboard.kinds.reports.charting import Charting
from dashboard.kinds.reports.definition import ChartHead


class Summary(Seen):
    """Rows, first rows, totals and chart; it stays small, however many rows go by."""

    def __init__(
        self, columns: Sequence[Column], chart: ChartHead | None, title: str, zone: ZoneInfo
    ) -> None:
        super().__init__(columns, zone)
        self.charting = Charting(chart, columns, title) if chart else None
        self._remarks = Remarks()
        self._totals = Totals(columns, self._remarks)

    @property
    def needs_values(self) -> bool:
        """Whether every row must be looked at: for a chart or for totals."""
        return bool(self.charting or self._totals.sums())

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the page must say beside the chart and the totals."""
        charted = (self.charting.warning,) if self.charting and self.charting.warning else ()
        return (*self._remarks.sentences(), *charted)

    def add(self, rows: Sequence[Sequence[object]]) -> None:
        """Take a batch of rows."""
        super().add(rows)
        self._totals.add(list(zip(*rows, strict=True)))
        if self.charting:
            self.charting.add(rows)

    def chart(self) -> Chart | None:
        """Give the chart of all rows, or None."""
        return self.charting.chart() if self.charting else None

    def as_json(self) -> dict[str, Any]:
        """Give rows, preview, totals (label, sum as shown) and chart for the job's result."""
        return {
            **super().as_json(),
            "totals": [
                [self.columns[index].label, display(total, self.columns[index], self._zone)]
                for index, total in self._totals.sums().items()
            ],
            "chart": chart_json(self.chart()),
        }


def chart_json(chart: Chart | None) -> dict[str, Any] | None:
    """Give *chart* as JSON: type, title, unit, x, series of name and points (label, height)."""
    if chart is None:
        return None
    return {
        "type": chart.type,
        "title": chart.title,
        "unit": chart.unit,
        "x": chart.x,
        "series": [
            {"name": series.name, "points": [list(point) for point in series.points]}
            for series in chart.series
        ],
    }
