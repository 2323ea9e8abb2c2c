"""A PDF of order lines drawn by hand in Helvetica: no fonts, nothing measured, nothing wrapped."""

from collections.abc import Mapping
from itertools import chain
from pathlib import Path
from typing import Any

from reportlab import rl_config
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from bench import rows
from bench.fresh import arguments, tell

LEFTS = (42, 90, 150, 300, 370)
RIGHTS = {5: 480, 6: 553}
TOP, LEADING, SIZE = 760, 14.5, 8.5

given = arguments()
batches = list(rows.lines(given["rows"], given["seed"], world=False))


def work() -> Mapping[str, Any]:
    """Draw the PDF; gives its pages and bytes."""
    path = Path(given["folder"]) / "helvetica.pdf"
    rl_config.useA85 = 0  # As our own writer has it.
    canvas = Canvas(str(path), pagesize=A4, pageCompression=1)
    pages = 0
    for drawn, row in enumerate(chain.from_iterable(batches)):
        if drawn % given["a_page"] == 0:
            if pages:
                canvas.showPage()
            pages += 1
            draw_frame(canvas, pages)
        y = TOP - LEADING * (1 + drawn % given["a_page"])
        draw_row(canvas, y, row)
    canvas.save()
    return {"pages": pages, "bytes": path.stat().st_size}


def draw_frame(canvas: Canvas, page: int) -> None:
    """Draw the title, the header and the number of a page."""
    canvas.setFont("Helvetica-Bold", SIZE)
    canvas.drawString(LEFTS[0], TOP + 30, "Lines")
    draw_texts(canvas, TOP, [column.label for column in rows.LINES])
    canvas.setFont("Helvetica", SIZE)
    canvas.drawRightString(RIGHTS[6], 30, f"Page {page}")


def draw_row(canvas: Canvas, y: float, row: rows.Row) -> None:
    """Draw the row and the line below it."""
    number, day, name, city, sku, pieces, amount = row
    draw_texts(
        canvas, y, [f"{number:,}", str(day), name, city, sku, f"{pieces:,}", f"{amount:,.2f}"]
    )
    canvas.line(LEFTS[0], y - 4, RIGHTS[6], y - 4)


def draw_texts(canvas: Canvas, y: float, texts: list[Any]) -> None:
    """Draw *texts*, numbers at the right edge of their columns."""
    for place, text in enumerate(texts):
        if place in RIGHTS:
            canvas.drawRightString(RIGHTS[place], y, text)
        else:
            canvas.drawString(LEFTS[place], y, text)


tell(work)
