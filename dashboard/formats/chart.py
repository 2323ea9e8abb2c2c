"""The geometry of a chart, from which PDF files and pages draw the very same picture."""

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from dashboard.formats.axis import Axis, axis
from dashboard.formats.shapes import Dot, Label, Line, Picture, Polyline, Rect
from dashboard.formats.table import Chart
from dashboard.words import gettext, ngettext

__all__ = ["Dot", "Label", "Line", "Picture", "Polyline", "Rect", "describe", "layout"]

TICK_SPACE = 46.0  # The least distance of two grid lines, in units of the picture.
GROUP_SHARE = 0.68  # The part of its place that a group of bars fills; the rest is air.
WIDEST_BAR = 34.0
BAR_GAP = 2.0
SWATCH = 0.8  # The side of a colour in the legend, as a part of the text's height.
MOST_LABEL = 18  # characters of a name in the picture
MOST_DOTS = 60  # places on the x axis; with more, dots would hide the line
MOST_TOLD = 24  # places on the x axis that the words tell
# The mean width of a character as a part of its height, in the fonts that are used.
CHARACTER_WIDTH = 0.56

# The values of one series by their place on the x axis; where there is none, it is absent.
Values = Mapping[int, float]
# Writes a number that is told as in 1,234.5 or 20k in another way.
Spell = Callable[[str], str]


@dataclass(frozen=True)
class Plot:
    """The area inside the axes, and where places and values lie in it."""

    left: float
    right: float
    top: float
    bottom: float
    axis: Axis
    places: Sequence[str]
    spell: Spell

    @property
    def slot(self) -> float:
        """The width that each place has."""
        return (self.right - self.left) / len(self.places)

    def x(self, place: int) -> float:
        return self.left + (place + 0.5) * self.slot

    def y(self, value: float) -> float:
        part = (value - self.axis.low) / (self.axis.high - self.axis.low)
        return self.bottom - part * (self.bottom - self.top)


def layout(
    chart: Chart, width: float, height: float, *, text: float = 11.0, spell: Spell = str
) -> Picture:
    """Gives the picture of *chart* in *width* by *height* units, with labels *text* units high."""
    places = list(dict.fromkeys(label for series in chart.series for label, _ in series.points))
    number = {label: place for place, label in enumerate(places)}
    values = [
        {
            number[label]: value
            for label, value in series.points
            if value is not None and math.isfinite(value)
        }
        for series in chart.series
    ]
    heights = [value for one in values for value in one.values()]
    if not heights:
        empty = Label(
            _round(width / 2), _round(height / 2), gettext("No values to show"), "middle", "empty"
        )
        return Picture(_round(width), _round(height), labels=(empty,))
    swatches, names, legend_height = _legend(chart, width, text)
    top, bottom = legend_height + text, height - text * 1.9
    scale = axis(min(heights), max(heights), int((bottom - top) / TICK_SPACE))
    left = max(_width(spell(label), text) for label in scale.labels()) + text * 0.7
    plot = Plot(left, width, top, bottom, scale, places, spell)
    return Picture(
        _round(width),
        _round(height),
        lines=tuple(_grid(plot)),
        rects=(*swatches, *(_bars(chart, plot, values) if chart.type == "bar" else ())),
        polylines=tuple(_stretches(plot, values)) if chart.type == "line" else (),
        dots=tuple(_dots(chart, plot, values)) if chart.type == "line" else (),
        labels=(*_ticks(plot, text), *_categories(plot, text), *names),
    )


def describe(chart: Chart, *, spell: Spell = str) -> str:
    """Gives *chart* in words, for those who cannot see it."""
    names = {"title": chart.title, "unit": chart.unit, "x": chart.x}
    sentences = [
        gettext("%(title)s in %(unit)s, by %(x)s.", **names)
        if chart.unit
        else gettext("%(title)s, by %(x)s.", **names)
    ]
    for series in chart.series:
        told = [f"{label} {spell(figure(value))}" for label, value in series.points[:MOST_TOLD]]
        values, more = ", ".join(told), len(series.points) - len(told)
        sentences.append(
            ngettext(
                "%(series)s: %(values)s and %(num)s more.",
                "%(series)s: %(values)s and %(num)s more.",
                more,
                series=series.name,
                values=values,
            )
            if more
            else f"{series.name}: {values}."
        )
    return " ".join(sentences)


def figure(value: float | None) -> str:
    """Gives a value of a chart as text, with two decimals at most."""
    if value is None or not math.isfinite(value):
        return gettext("unknown")
    whole, _, rest = f"{value:,.2f}".partition(".")
    return f"{whole}.{rest}" if rest.strip("0") else whole


def _grid(plot: Plot) -> Iterator[Line]:
    for tick in plot.axis.ticks:
        y = _round(plot.y(tick))
        yield Line(_round(plot.left), y, _round(plot.right), y, "grid" if tick else "zero")


def _ticks(plot: Plot, text: float) -> Iterator[Label]:
    for tick, label in zip(plot.axis.ticks, plot.axis.labels(), strict=True):
        x, y = plot.left - text * 0.7, plot.y(tick) + text * 0.35
        yield Label(_round(x), _round(y), plot.spell(label), "end", "tick")


def _categories(plot: Plot, text: float) -> Iterator[Label]:
    """Gives the names of the places, only every second, third and so on where they are dense."""
    names = [_short(place) for place in plot.places]
    widest = max(_width(name, text) for name in names)
    every = max(1, math.ceil((widest + text * 0.7) / plot.slot))
    y, before = _round(plot.bottom + text * 1.6), -math.inf
    for place in range(0, len(names), every):
        half = _width(names[place], text) / 2
        x = min(max(plot.x(place), half), plot.right - half)
        # At the edges names move inwards, where they must not meet the one before.
        if x - half > before + text * 0.5:
            yield Label(_round(x), y, names[place], "middle", "category")
            before = x + half


def _bars(chart: Chart, plot: Plot, values: Sequence[Values]) -> Iterator[Rect]:
    count = len(values)
    share = plot.slot * GROUP_SHARE / count
    gap = BAR_GAP if share > 3 * BAR_GAP else 0.0
    width = min(share - gap, WIDEST_BAR)
    zero = plot.y(0)
    for series, heights in enumerate(values):
        offset = (series - count / 2) * (width + gap) + gap / 2
        for place, value in heights.items():
            y = plot.y(value)
            yield Rect(
                _round(plot.x(place) + offset),
                _round(min(y, zero)),
                max(0.1, _round(width)),
                _round(abs(zero - y)),
                series,
                _title(chart, plot, series, place, value),
            )


def _stretches(plot: Plot, values: Sequence[Values]) -> Iterator[Polyline]:
    """Gives each line in parts, as it breaks where a value is missing."""
    for series, heights in enumerate(values):
        for present, group in groupby(range(len(plot.places)), heights.__contains__):
            stretch = list(group)
            if present and len(stretch) > 1:
                points = [(_round(plot.x(p)), _round(plot.y(heights[p]))) for p in stretch]
                yield Polyline(tuple(points), series)


def _dots(chart: Chart, plot: Plot, values: Sequence[Values]) -> Iterator[Dot]:
    for series, heights in enumerate(values):
        for place, value in heights.items():
            alone = place - 1 not in heights and place + 1 not in heights
            if alone or len(plot.places) <= MOST_DOTS:
                title = _title(chart, plot, series, place, value)
                yield Dot(_round(plot.x(place)), _round(plot.y(value)), series, title)


def _legend(chart: Chart, width: float, text: float) -> tuple[list[Rect], list[Label], float]:
    """Gives the colours, their names and the height they take; nothing for a single series."""
    swatches: list[Rect] = []
    names: list[Label] = []
    if len(chart.series) < 2:
        return swatches, names, 0.0
    x, y, side = 0.0, text, text * SWATCH
    for number, series in enumerate(chart.series):
        name = _short(series.name)
        needed = side + text * 0.5 + _width(name, text)
        if x and x + needed > width:
            x, y = 0.0, y + text * 1.6
        swatches.append(Rect(_round(x), _round(y - side), _round(side), _round(side), number))
        names.append(Label(_round(x + side + text * 0.5), _round(y), name, "start", "key"))
        x += needed + text * 1.5
    return swatches, names, y + text * 0.6


def _title(chart: Chart, plot: Plot, series: int, place: int, value: float) -> str:
    several = f", {chart.series[series].name}" if len(chart.series) > 1 else ""
    return f"{plot.places[place]}{several}: {plot.spell(figure(value))}"


def _short(name: str) -> str:
    return name if len(name) <= MOST_LABEL else name[: MOST_LABEL - 1].rstrip() + "…"


def _width(label: str, text: float) -> float:
    """Gives about the width of *label*; letters of East Asia are as wide as they are high."""
    return sum(CHARACTER_WIDTH if ord(c) < 0x2E80 else 1.0 for c in label) * text


def _round(value: float) -> float:
    return round(value, 1) + 0.0  # Adding zero turns -0.0 into 0.0.
