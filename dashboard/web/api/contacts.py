"""Contact lists by API: the lists, and the contacts of one."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.jobs.contacts import find
from dashboard.jobs.contacts.find import Summed
from dashboard.jobs.contacts.lists import imports
from dashboard.models import Contact
from dashboard.web.access import starters_only
from dashboard.web.contact_lists import list_or_404

bp = Blueprint("contacts", __name__, url_prefix="/contact-lists")

PAGE = 500  # contacts


@bp.get("")
@starters_only
def lists() -> ResponseReturnValue:
    """List the contact lists that the caller may see."""
    slugs = imports()
    found = find.lists_of(current_user)
    return jsonify(items=[list_object(each, slugs) for each in found], next=None)


@bp.get("/<int(max=2147483647):list_id>/contacts")
@starters_only
def contacts(list_id: int) -> ResponseReturnValue:
    """List contacts by their addresses, a page at a time; ?q= is how addresses begin."""
    found = list_or_404(list_id)
    q = request.args.get("q", "")
    page = find.page_of(found, q, after=request.args.get("after"), limit=PAGE)
    following = {**({"q": q} if q else {}), "after": page.after}
    url = url_for("api.contacts.contacts", list_id=list_id)
    return jsonify(
        items=[contact_object(each) for each in page.contacts],
        next=f"{url}?{urlencode(following)}" if page.after is not None else None,
    )


def list_object(summed: Summed, slugs: Mapping[str, str]) -> dict[str, Any]:
    """Give a list as the API shows it; *kind* is the one that checks a file for it, or null."""
    found = summed.list
    slug = slugs.get(found.name)
    return {
        "id": found.id,
        "name": found.name,
        "title": found.title,
        "summary": found.summary,
        "fields": found.fields,
        "contacts": summed.contacts,
        "kind": f"check-{slug}" if slug else None,
        "changed_at": summed.changed_at.isoformat(),
        "page": url_for("contacts.index", list_id=found.id),
    }


def contact_object(contact: Contact) -> dict[str, Any]:
    """Give a contact as the API shows it."""
    return {
        "id": contact.id,
        "email": contact.email,
        "address": contact.address,
        "values": contact.values,
        "added_at": contact.added_at.isoformat(),
        "changed_at": contact.changed_at.isoformat(),
    }
