"""The contacts of a list as a file, which can be imported again."""

from dashboard.jobs.kind import Kind, Param
from dashboard.kinds.desk.contacts.form import MANNERS, ContactsForm
from dashboard.kinds.desk.contacts.wording import describe, title_of
from dashboard.kinds.desk.contacts.work import FORMATS, count, run
from dashboard.words import marked

contacts = Kind(
    name="contacts",
    title=marked("Contacts of a list"),
    family="desk",
    summary=marked("Everybody in one of your contact lists, as a table."),
    icon="circle-user",
    params=(
        Param("list", "text", marked("List"), ("list",), required=True, help="The id of a list."),
        Param(
            "manner",
            "choice",
            marked("Made for"),
            ("manner",),
            choices=tuple(MANNERS.items()),
        ),
    ),
    formats=FORMATS,
    form=ContactsForm,
    title_of=title_of,
    describe=describe,
    count=count,
    work=run,
    verb=marked("Export"),
)
