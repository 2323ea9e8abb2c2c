"""The shapes that a chart is drawn with; y grows downwards from the upper edge, as in SVG."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Rect:
    """A bar, or a colour in the legend, which has no title; *series* numbers the colour from 0."""

    x: float
    y: float
    width: float
    height: float
    series: int
    title: str = ""


@dataclass(frozen=True)
class Line:
    """A grid line, or the line at zero."""

    x1: float
    y1: float
    x2: float
    y2: float
    role: Literal["grid", "zero"]


@dataclass(frozen=True)
class Polyline:
    """A stretch of a line without gaps."""

    points: tuple[tuple[float, float], ...]
    series: int


@dataclass(frozen=True)
class Dot:
    """A value on a line."""

    x: float
    y: float
    series: int
    title: str


@dataclass(frozen=True)
class Label:
    """A text whose baseline is at *y*."""

    x: float
    y: float
    text: str
    anchor: Literal["start", "middle", "end"]
    role: Literal["tick", "category", "key", "empty"]


@dataclass(frozen=True)
class Picture:
    """All shapes of a chart; every coordinate is rounded to 0.1."""

    width: float
    height: float
    lines: tuple[Line, ...] = ()
    rects: tuple[Rect, ...] = ()
    polylines: tuple[Polyline, ...] = ()
    dots: tuple[Dot, ...] = ()
    labels: tuple[Label, ...] = ()
