"""Contacts are found, and lists changed, alike on each database of the ledger."""

from typing import Any

import pytest

from dashboard.extensions import db
from dashboard.jobs.contacts.find import count_of, lists_of, page_of
from dashboard.jobs.contacts.lists import FieldInUse, Stale, change_list
from dashboard.jobs.contacts.one import Taken, add_contact, remove_contact
from dashboard.jobs.kind import STARTERS
from dashboard.models import Contact, ContactList, User
from dashboard.sources.writing import TargetTable
from tests.jobs.contacts.conftest import Lists
from tests.people import Person

PEOPLE = ("b-2@x.org", "B_1@x.org", "a+c@x.org", "Zoe@x.org", "ärger@x.org", "b10@x.org", "z@y.org")


def adds(lists: Lists, table: TargetTable) -> None:
    """Add everybody, each with a name."""
    with lists.app.app_context():
        for email in PEOPLE:
            found = db.session.get_one(ContactList, int(table.quoted))
            add_contact(found, email, {"name": f"Name of {email}"}, by=None)


def test_addresses_stand_in_the_order_of_their_characters_and_pages_join(
    lists: Lists, readers: TargetTable
) -> None:
    adds(lists, readers)
    with lists.app.app_context():
        found = db.session.get_one(ContactList, int(readers.quoted))
        whole = [each.address for each in page_of(found).contacts]
        assert whole == sorted(each.lower() for each in PEOPLE)
        walked: list[str] = []
        page = page_of(found, limit=2)
        while True:
            walked += [each.address for each in page.contacts]
            if page.after is None:
                break
            page = page_of(found, after=page.after, limit=2)
        assert walked == whole
        back = page_of(found, before=page.before, limit=2)
        assert [each.address for each in back.contacts] == whole[4:6]
        assert page_of(found, before=back.before, limit=9).contacts[0].address == whole[0]


@pytest.mark.parametrize(
    ("q", "anywhere", "count"),
    [
        ("b", False, 3),
        ("B_", False, 1),
        ("%", False, 0),
        ("ä", False, 1),
        ("x.org", False, 0),
        ("X.ORG", True, 6),
        ("name of Z", True, 2),
        ("name", True, 7),
        ("\0", False, 7),
    ],
)
def test_a_search_finds_beginnings_or_any_text_and_never_a_pattern(
    lists: Lists, readers: TargetTable, q: str, anywhere: bool, count: int
) -> None:
    adds(lists, readers)
    with lists.app.app_context():
        found = db.session.get_one(ContactList, int(readers.quoted))
        assert len(page_of(found, q, anywhere=anywhere).contacts) == count


def test_lists_are_counted_for_those_who_may_see_them(lists: Lists, readers: TargetTable) -> None:
    adds(lists, readers)
    staff = Person.joins(lists.app, "Mara Keller")
    viewer = Person.joins(lists.app, "Vera Viewer", role="viewer")
    with lists.app.app_context():
        [summed] = lists_of(db.session.get_one(User, staff.id))
        assert summed.contacts == count_of(summed.list) == len(PEOPLE)
        assert summed.changed_at > summed.list.changed_at
        assert lists_of(db.session.get_one(User, viewer.id)) == []


def test_a_field_is_dropped_only_while_nobody_has_a_value_there(
    lists: Lists, readers: TargetTable
) -> None:
    adds(lists, readers)
    with lists.app.app_context():
        found = db.session.get_one(ContactList, int(readers.quoted))
        seen, fields = found.changed_at, list(found.fields)
        given: dict[str, Any] = {"title": "R", "summary": "", "roles": STARTERS, "by": None}
        with pytest.raises(FieldInUse) as refused:
            change_list(found.id, seen=seen, fields=fields[1:], **given)
        assert (refused.value.label, refused.value.contacts) == ("Name", len(PEOPLE))
        change_list(found.id, seen=seen, fields=[{**fields[0], "type": "date"}], **given)
        with pytest.raises(Stale):
            change_list(found.id, seen=seen, fields=fields, **given)
        assert db.session.get_one(ContactList, found.id).fields == fields[:1]


def test_an_address_is_in_a_list_once_and_in_others_again(
    lists: Lists, readers: TargetTable
) -> None:
    others = lists.makes("Others")
    adds(lists, readers)
    with lists.app.app_context():
        found = db.session.get_one(ContactList, int(readers.quoted))
        with pytest.raises(Taken):
            add_contact(found, "ZOE@x.org", {}, by=None)
        other = db.session.get_one(ContactList, int(others.quoted))
        number = add_contact(other, "ZOE@x.org", {}, by=None)
        contact = db.session.get_one(Contact, number)
        remove_contact(number, seen=contact.changed_at, by=None)
        assert count_of(db.session.get_one(ContactList, int(others.quoted))) == 0
