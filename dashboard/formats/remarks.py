"""Remarks: what a file could not hold as it was, counted by column and said in sentences."""

from collections import Counter
from typing import Literal

Remark = Literal[
    "broken",
    "long",
    "rounded",
    "not-number",
    "no-number",
    "mixed",
    "wide",
    "early",
    "untotalled",
    "shortened",
    "shortened-front",
]

# For each remark the sentence for one value and for several.
SENTENCES: dict[Remark, tuple[str, str]] = {
    "broken": (
        "Column {label}: 1 text holds broken characters, which are written as \ufffd.",
        "Column {label}: {count:,} texts hold broken characters, which are written as \ufffd.",
    ),
    "long": (
        "Column {label}: 1 number of over 15 digits is written as text for Excel.",
        "Column {label}: {count:,} numbers of over 15 digits are written as text for Excel.",
    ),
    "rounded": (
        "Column {label}: 1 number is rounded to 15 digits, as Excel keeps no more.",
        "Column {label}: {count:,} numbers are rounded to 15 digits, as Excel keeps no more.",
    ),
    "not-number": (
        "Column {label}: 1 value is NaN or infinite and is written as text.",
        "Column {label}: {count:,} values are NaN or infinite and are written as text.",
    ),
    "no-number": (
        "Column {label}: 1 value is NaN or infinite and is written as null.",
        "Column {label}: {count:,} values are NaN or infinite and are written as null.",
    ),
    "mixed": (
        "Column {label}: its values are of several sorts, so the column is written as text.",
        "Column {label}: its values are of several sorts, so the column is written as text.",
    ),
    "wide": (
        "Column {label}: its numbers need more than 38 digits, so the column is written as text.",
        "Column {label}: its numbers need more than 38 digits, so the column is written as text.",
    ),
    "early": (
        "Column {label}: 1 date before 1900 is written as text, as Excel has no such dates.",
        "Column {label}: {count:,} dates before 1900 are written as text for Excel.",
    ),
    "untotalled": (
        "Column {label}: 1 value is not a number and is left out of the total.",
        "Column {label}: {count:,} values are not numbers and are left out of the total.",
    ),
    "shortened": (
        "1 cell in column {label} was shortened in the PDF.",
        "{count:,} cells in column {label} were shortened in the PDF.",
    ),
    "shortened-front": (
        "“{label}” above the table was shortened in the PDF.",
        "“{label}” above the table was shortened in the PDF.",
    ),
}


class Remarks:
    """Counts remarks while a file is written."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[Remark, str]] = Counter()

    def add(self, remark: Remark, label: str, count: int = 1) -> None:
        if count:
            self._counts[remark, label] += count

    def sentences(self) -> tuple[str, ...]:
        return tuple(
            SENTENCES[remark][count > 1].format(label=label, count=count)
            for (remark, label), count in self._counts.items()
        )
