"""A list of contacts on each database of the ledger."""

from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text

from dashboard.extensions import db
from dashboard.jobs.contacts.lists import make_list
from dashboard.jobs.kind import STARTERS
from dashboard.models import Contact
from dashboard.sources.writing import Target, TargetTable

FIELDS = (
    {"label": "Name", "type": "text"},
    {"label": "Points", "type": "number"},
    {"label": "Born on", "type": "date"},
    {"label": "Member", "type": "boolean"},
)


@dataclass
class Lists:
    """The desk's lists as imports see them."""

    app: Flask

    @property
    def target(self) -> Target:
        found: Target = self.app.extensions["targets"]["contacts"]
        return found

    def makes(self, title: str, fields: Any = FIELDS) -> TargetTable:
        """Make a list; gives its table."""
        with self.app.app_context():
            name = make_list(title, roles=STARTERS, fields=fields, by=None).name
        table = self.target.table(name)
        assert table is not None
        return table

    def rows(self, table: TargetTable) -> list[tuple[Any, ...]]:
        """Give address, e-mail and values of each contact of a list."""
        query = select(Contact.address, Contact.email, Contact.values)
        query = query.where(Contact.list_id == int(table.quoted)).order_by(Contact.address)
        with self.app.app_context():
            return [tuple(row) for row in db.session.execute(query)]

    def fetches(self, query: str) -> list[tuple[Any, ...]]:
        """Ask the ledger."""
        with self.app.app_context():
            return [tuple(row) for row in db.session.execute(text(query))]


@pytest.fixture
def lists(any_app: Flask) -> Lists:
    """Give the lists of an empty desk, on each database in turn."""
    return Lists(any_app)


@pytest.fixture
def readers(lists: Lists) -> TargetTable:
    """Give the table of a list with a field of each type."""
    return lists.makes("Newsletter readers")
