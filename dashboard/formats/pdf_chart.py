"""Draws the picture of a chart on a page."""

from reportlab.lib.colors import Color, HexColor

from dashboard.formats.pdf_paper import LINE, MUTED, SERIES, STRONG_LINE
from dashboard.formats.pdf_pen import HAIRLINE, Pen
from dashboard.formats.shapes import Picture

LINE_WIDTH = 1.4
DOT_RADIUS = 1.8
CORNER = 1.2


def draw_picture(pen: Pen, picture: Picture, left: float, top: float, text: float) -> None:
    """Draws *picture* with its upper left corner at (*left*, *top*) and labels *text* high."""
    canvas = pen.canvas
    canvas.setLineWidth(HAIRLINE)
    for line in picture.lines:
        color = LINE if line.role == "grid" else STRONG_LINE
        pen.rules(left + line.x1, left + line.x2, [top - line.y1], color)
    for rect in picture.rects:
        canvas.setFillColor(_color(rect.series))
        corner = min(CORNER, rect.width / 2, rect.height / 2)
        y = top - rect.y - rect.height
        canvas.roundRect(left + rect.x, y, rect.width, rect.height, corner, stroke=0, fill=1)
    canvas.setLineWidth(LINE_WIDTH)
    canvas.setLineJoin(1)
    canvas.setLineCap(1)
    for polyline in picture.polylines:
        canvas.setStrokeColor(_color(polyline.series))
        path = canvas.beginPath()
        for number, (x, y) in enumerate(polyline.points):
            (path.lineTo if number else path.moveTo)(left + x, top - y)
        canvas.drawPath(path)
    for dot in picture.dots:
        canvas.setFillColor(_color(dot.series))
        canvas.circle(left + dot.x, top - dot.y, DOT_RADIUS, stroke=0, fill=1)
    for label in picture.labels:
        pen.text(left + label.x, top - label.y, label.text, text, color=MUTED, anchor=label.anchor)


def _color(series: int) -> Color:
    return HexColor(SERIES[series % len(SERIES)])
