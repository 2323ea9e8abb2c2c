"""Old images are forgotten in every target that can be reached, marks that are needed are not."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from dashboard.jobs.old_images import OldImages
from dashboard.sources import SourceUnavailable
from dashboard.sources.writing import Forgotten


class Place:
    """A target that notes what it is asked to forget; *answers* are given one after another."""

    def __init__(self, name: str, *answers: Forgotten | Exception) -> None:
        self.name = name
        self.asked: list[tuple[datetime, Collection[str]]] = []
        self._answers = list(answers)

    def forget(
        self, before: datetime, *, keep: Collection[str], busy: Collection[str], limit: int
    ) -> Forgotten:
        self.asked.append((before, keep))
        answer = self._answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_each_target_is_asked_now_and_then_and_one_that_is_away_hinders_no_other(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    away = Place("away", SourceUnavailable("The target “away” did not answer."))
    shop = Place("shop", Forgotten(50_000, 3, more=True), Forgotten(7, 1))
    app.extensions["targets"] = {"away": away, "shop": shop}
    images = OldImages()

    with app.app_context(), caplog.at_level("INFO"):
        assert images.forget() == 50_000
        assert images.forget() == 7
        assert images.forget() == 0

    assert (len(away.asked), len(shop.asked)) == (1, 2)
    age = datetime.now(UTC) - shop.asked[0][0]
    assert timedelta(days=30) <= age < timedelta(days=30, minutes=1)
    told = "Old imports of away cannot be forgotten: The target “away” did not answer."
    assert told in caplog.text
    assert "Forgot 50000 images and 3 marks of old imports in shop" in caplog.text
