"""The contacts of one list: looked for, added, changed, removed."""

from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from dashboard.formats.spelling import spell
from dashboard.jobs.contacts import find, one
from dashboard.jobs.contacts.fields import natural
from dashboard.jobs.contacts.lists import Gone, Stale, import_of
from dashboard.jobs.contacts.one import Taken
from dashboard.models import Contact, ContactList
from dashboard.web.access import address, starters_only
from dashboard.web.contact_form import ContactForm, contact_form
from dashboard.web.contact_lists import CHANGED, list_or_404, may_delete
from dashboard.web.list_form import moment_of
from dashboard.web.template import render
from dashboard.words import gettext as _, told

bp = Blueprint("contacts", __name__, url_prefix="/contacts/<int(max=2147483647):list_id>")

SEARCH_LIMIT = 200  # characters
CELL_LIMIT = 80  # of a value in the table
SHOWN_FIELDS = 6  # columns of the table; a contact's own page has all of them


@bp.get("")
@starters_only
def index(list_id: int) -> ResponseReturnValue:
    """Show contacts of a list: ?q= is looked for, at the beginning or with ?in=any anywhere."""
    found = list_or_404(list_id)
    q = request.args.get("q", "").strip()[:SEARCH_LIMIT]
    anywhere = request.args.get("in") == "any"
    page = find.page_of(
        found,
        q,
        anywhere=anywhere,
        after=request.args.get("after"),
        before=request.args.get("before"),
    )
    target = import_of(found)
    return render(
        "contacts/show.html",
        list=found,
        page=page,
        fields=found.fields[:SHOWN_FIELDS],
        rows=[(contact, cells_of(contact, found)) for contact in page.contacts],
        count=find.count_of(found),
        q=q,
        anywhere=anywhere,
        may_delete=may_delete(found),
        import_kind=f"check-{target.slug}" if target is not None else "",
    )


@bp.route("/add", methods=["GET", "POST"])
@starters_only
def add(list_id: int) -> ResponseReturnValue:
    """Add a contact, or give the form back (422)."""
    found = list_or_404(list_id)
    form = contact_form(found)
    if request.method == "GET" or not form.validate():
        return _asked(form, found, None)
    try:
        one.add_contact(
            found, form.email.data or "", form.chosen(), by=current_user, address=address()
        )
    except Taken:
        return _taken(form, list_or_404(list_id), None)
    flash(_("%(email)s is added.", email=form.email.data), "good")
    return redirect(url_for("contacts.index", list_id=list_id), 303)


@bp.route("/<int(max=2147483647):contact_id>", methods=["GET", "POST"])
@starters_only
def edit(list_id: int, contact_id: int) -> ResponseReturnValue:
    """Change a contact; one that somebody else has changed since stays as it is (409)."""
    found = list_or_404(list_id)
    contact = _contact_or_404(found, contact_id)
    form = contact_form(found, contact)
    if request.method == "GET" or not form.validate():
        return _asked(form, found, contact)
    try:
        seen = moment_of(form.seen.data)
        if seen is None:
            raise Stale
        one.change_contact(
            contact.id,
            form.email.data or "",
            form.chosen(),
            seen=seen,
            by=current_user,
            address=address(),
        )
    except Taken:
        found = list_or_404(list_id)
        return _taken(form, found, _contact_or_404(found, contact_id))
    except Stale:
        form.form_errors.append(told(CHANGED))
        return _asked(form, found, contact, 409)
    except Gone:
        abort(404)
    flash(_("%(email)s is saved.", email=form.email.data), "good")
    return redirect(url_for("contacts.index", list_id=list_id), 303)


@bp.get("/<int(max=2147483647):contact_id>/remove")
@starters_only
def confirm(list_id: int, contact_id: int) -> ResponseReturnValue:
    """Ask before a contact is removed."""
    found = list_or_404(list_id)
    contact = _contact_or_404(found, contact_id)
    return render("contacts/remove.html", list=found, contact=contact)


@bp.post("/<int(max=2147483647):contact_id>/remove")
@starters_only
def remove(list_id: int, contact_id: int) -> ResponseReturnValue:
    """Remove a contact that is as the person saw it."""
    contact = _contact_or_404(list_or_404(list_id), contact_id)
    email = contact.email
    try:
        seen = moment_of(request.form.get("seen"))
        if seen is None:
            raise Stale
        one.remove_contact(contact_id, seen=seen, by=current_user, address=address())
    except Stale:
        flash(told(CHANGED), "bad")
        url = url_for("contacts.confirm", list_id=list_id, contact_id=contact_id)
        return redirect(url, 303)
    except Gone:
        abort(404)
    flash(_("%(email)s is removed.", email=email), "good")
    return redirect(url_for("contacts.index", list_id=list_id), 303)


def cells_of(contact: Contact, found: ContactList) -> list[str]:
    """Give the values of a contact as the table shows them."""
    cells = []
    for field in found.fields[:SHOWN_FIELDS]:
        value = natural(contact.values.get(field["name"]), field["type"])
        if isinstance(value, bool):
            text = _("Yes") if value else _("No")
        else:
            text = "" if value is None else spell(value)
        cells.append(text if len(text) <= CELL_LIMIT else f"{text[: CELL_LIMIT - 1]}…")
    return cells


def _contact_or_404(found: ContactList, contact_id: int) -> Contact:
    contact = find.contact_of(found, contact_id)
    if contact is None:
        abort(404, _("There is no such contact in this list."))
    return contact


def _taken(form: ContactForm, found: ContactList, contact: Contact | None) -> ResponseReturnValue:
    form.email.errors = [_("Somebody in this list has this address already.")]
    return _asked(form, found, contact)


def _asked(
    form: ContactForm, found: ContactList, contact: Contact | None, code: int = 422
) -> ResponseReturnValue:
    context: dict[str, Any] = {"form": form, "list": found, "contact": contact}
    page = render("contacts/contact.html", **context)
    return (page, code) if form.errors or form.form_errors else page
