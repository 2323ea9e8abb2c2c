"""Tables of sources that are open for export, and those that are not; for administrators."""

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from sqlalchemy import func, select
from wtforms import RadioField, StringField
from wtforms.validators import DataRequired, Length

from dashboard.extensions import db
from dashboard.jobs import tables
from dashboard.jobs.kind import STARTERS
from dashboard.jobs.tables import Refused
from dashboard.models import ACTIVE, Job, OpenTable, Role
from dashboard.models.open_table import SUMMARY_LIMIT, TITLE_LIMIT
from dashboard.sources import SourceError, Table
from dashboard.web.access import address, admin_only
from dashboard.web.form import SpeakingForm
from dashboard.web.table_list import table_list
from dashboard.web.template import render
from dashboard.words import gettext as _, lazy_gettext, marked, ngettext, told

bp = Blueprint("tables", __name__, url_prefix="/tables")

WHO = {
    str(Role.STAFF): (marked("Staff"), marked("Everybody who may start jobs")),
    str(Role.ADMIN): (marked("Administrators"), marked("Nobody else")),
}
ROLES = {str(Role.STAFF): STARTERS, str(Role.ADMIN): frozenset({str(Role.ADMIN)})}
UNKNOWN = "unknown"
# What a column holds, as people call it.
TYPES = {
    "text": marked("text"),
    "integer": marked("whole number"),
    "number": marked("number"),
    "date": marked("date"),
    "datetime": marked("date and time"),
    "time": marked("time"),
    "boolean": marked("true or false"),
    UNKNOWN: marked("unknown"),
}
NAMED = 5  # columns that came or went; of more the number is enough


class OpenForm(SpeakingForm):
    """How a table is offered to those who may export it."""

    title = StringField(
        lazy_gettext("Title"),
        [DataRequired(lazy_gettext("Enter a title")), Length(max=TITLE_LIMIT)],
        description=lazy_gettext("What people see in the catalogue."),
    )
    summary = StringField(
        lazy_gettext("Summary"),
        [Length(max=SUMMARY_LIMIT)],
        description=lazy_gettext("What is in it, in one sentence. It may stay empty."),
    )
    who = RadioField(
        lazy_gettext("Who may export it"),
        choices=lambda: [
            (role, _(words), {"data-hint": _(hint)}) for role, (words, hint) in WHO.items()
        ],
        default=str(Role.STAFF),
    )


@bp.get("")
@admin_only
def index() -> ResponseReturnValue:
    """Show each source with its tables, or with ?q= those of that name."""
    find = request.args.get("q", "").strip()
    return render("tables/index.html", list=table_list(find), q=find)


@bp.get("/open")
@admin_only
def ask() -> ResponseReturnValue:
    """Ask how the table of ?source= and ?name= is to be offered."""
    name = request.args.get("name", "")
    return _asked(OpenForm(formdata=None, data={"title": tables.title_of(name)}))


@bp.post("/open")
@admin_only
def open_() -> ResponseReturnValue:
    """Open the table, or give the form back (422)."""
    form = OpenForm()
    if not form.validate():
        return _asked(form)
    source, name = request.args.get("source", ""), request.args.get("name", "")
    try:
        row = tables.open_table(
            source,
            name,
            title=form.title.data or "",
            summary=form.summary.data or "",
            roles=ROLES[form.who.data],
            by=current_user,
            address=address(),
        )
    except (Refused, SourceError) as error:
        return _away(error)
    flash(_("“%(title)s” is open for export.", title=row.title), "good")
    return redirect(url_for("tables.index"), 303)


@bp.post("/<slug>/look")
@admin_only
def look_again(slug: str) -> ResponseReturnValue:
    """Read the columns of an open table anew."""
    row = _open_or_404(slug)
    title = row.title
    try:
        came, went = tables.look_again(row.source, row.name, by=current_user, address=address())
    except (Refused, SourceError) as error:
        return _away(error)
    parts = [_("“%(title)s” is up to date.", title=title)]
    if came:
        columns = _named(came)
        parts.append(
            ngettext(
                "New column: %(columns)s.", "New columns: %(columns)s.", len(came), columns=columns
            )
        )
    if went:
        columns = _named(went)
        parts.append(
            ngettext("Gone: %(columns)s.", "Gone: %(columns)s.", len(went), columns=columns)
        )
    flash(" ".join(parts), "good")
    return redirect(url_for("tables.index"), 303)


@bp.get("/<slug>/close")
@admin_only
def confirm(slug: str) -> ResponseReturnValue:
    """Ask before a table is closed."""
    row = _open_or_404(slug)
    mine = Job.kind == f"export-{row.slug}"
    query = select(func.count()).where(mine, Job.state.in_(ACTIVE))
    return render("tables/close.html", table=row, unfinished=db.session.execute(query).scalar_one())


@bp.post("/<slug>/close")
@admin_only
def close(slug: str) -> ResponseReturnValue:
    """Close a table."""
    row = _open_or_404(slug)
    try:
        title = tables.close_table(row.source, row.name, by=current_user, address=address())
    except Refused as error:
        return _away(error)
    flash(_("“%(title)s” is closed.", title=title), "good")
    return redirect(url_for("tables.index"), 303)


def _asked(form: OpenForm) -> ResponseReturnValue:
    """Give the form for the table that the address names."""
    source, name = request.args.get("source", ""), request.args.get("name", "")
    try:
        table = tables.table_of(source, name)
    except Refused:
        abort(404, _("There is no such table or view."))
    except SourceError as error:
        return _away(error)
    query = select(OpenTable.id).where(OpenTable.source == source, OpenTable.name == name)
    if db.session.execute(query).first() is not None:
        return _away(Refused(_("“%(name)s” is open already.", name=name)))
    page = render(
        "tables/open.html", form=form, source=source, table=table, columns=_columns(table)
    )
    return (page, 422) if form.errors else page


def _columns(table: Table) -> list[tuple[str, str]]:
    """Give name and type of each column, in words."""
    return [(column.name, _(TYPES[column.type or UNKNOWN])) for column in table.columns]


def _named(columns: list[str]) -> str:
    more = len(columns) - NAMED
    shown = ", ".join(columns[:NAMED])
    if more < 1:
        return shown
    return ngettext("%(shown)s and %(num)s more", "%(shown)s and %(num)s more", more, shown=shown)


def _open_or_404(slug: str) -> OpenTable:
    row = db.session.scalars(select(OpenTable).where(OpenTable.slug == slug)).first()
    if row is None:
        abort(404, _("This table is not open."))
    return row


def _away(error: Exception) -> ResponseReturnValue:
    flash(told(str(error)), "bad")
    return redirect(url_for("tables.index"), 303)
