"""Collects a report's chart while its rows go by."""

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Final, Literal, cast

from dashboard.formats import Chart, Column, Series
from dashboard.formats.spelling import spell
from dashboard.kinds.reports.definition import ChartHead

POINT_LIMIT: Final = 400  # labels on the x axis; more cannot be told apart
SERIES_LIMIT: Final = 20  # lines or colours; more cannot be told apart either


class Charting:
    """The points of one chart; rows with the same label and series are added up."""

    def __init__(self, head: ChartHead, columns: Sequence[Column], title: str) -> None:
        names = [column.name for column in columns]
        self.head = head
        self.title = head.title or title
        self.label = columns[names.index(head.x)].label
        self.warning = ""
        self._x = names.index(head.x)
        self._series = names.index(head.series) if head.series else None
        self._y = [(columns[names.index(name)].label, names.index(name)) for name in head.y]
        self._labels: dict[str, None] = {}
        self._points: dict[str, dict[str, float | None]] = {}

    def add(self, rows: Sequence[Sequence[object]]) -> None:
        """Take the points of *rows*; what goes beyond the limits is left out with a warning."""
        for row in rows:
            label = spell(row[self._x])
            if label not in self._labels:
                if len(self._labels) == POINT_LIMIT:
                    self.warning = f"The chart shows the first {POINT_LIMIT} values only."
                    continue
                self._labels[label] = None
            for name, index in self._y:
                series = name if self._series is None else spell(row[self._series])
                self._put(series, label, _height(row[index]))

    def _put(self, series: str, label: str, height: float | None) -> None:
        if series not in self._points:
            if len(self._points) == SERIES_LIMIT:
                self.warning = f"The chart shows the first {SERIES_LIMIT} series only."
                return
            self._points[series] = {}
        before = self._points[series].get(label)
        if before is not None and height is not None:
            height = round(before + height, 10)  # Sums of cents must not show binary noise.
        self._points[series][label] = before if height is None else height

    def chart(self) -> Chart | None:
        """Give the chart of the rows so far, or None when there is no point."""
        if not self._labels:
            return None
        series = [
            Series(name or "(none)", tuple((label, points.get(label)) for label in self._labels))
            for name, points in self._points.items()
        ]
        kind = cast('Literal["bar", "line"]', self.head.type)
        return Chart(kind, self.title, self.head.unit, self.label, tuple(series))


def _height(value: object) -> float | None:
    """Give *value* as a height; nothing, text and NaN have none."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    height = float(value)
    return height if math.isfinite(height) else None
