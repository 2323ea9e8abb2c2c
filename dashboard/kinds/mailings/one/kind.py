"""The kind of job that sends one e-mail."""

from dashboard.jobs.kind import Kind, Param
from dashboard.kinds.mailings.one.form import EmailForm
from dashboard.kinds.mailings.one.wording import describe, title_of
from dashboard.kinds.mailings.one.work import run
from dashboard.kinds.mailings.sending.work import UNSENT
from dashboard.words import marked

email = Kind(
    name="email",
    title=marked("One e-mail"),
    family="mailings",
    summary=marked("An e-mail to one person, and the certainty that it has left."),
    icon="mail",
    params=(
        Param("to", "email", "To", ("to",), required=True),
        Param("subject", "text", "Subject", ("subject",), required=True),
        Param(
            "message",
            "text",
            "Message",
            ("message",),
            required=True,
            help="Markdown is understood.",
        ),
    ),
    form=EmailForm,
    title_of=title_of,
    describe=describe,
    work=run,
    queue="mail",
    priority=4,  # Somebody waits for it; a mailing takes its time anyway.
    soft_limit=300,
    hard_limit=400,
    max_attempts=10,  # With its pauses: about an hour of a mail server that is away.
    verb=marked("Send e-mail"),
    outcome="kinds/mailings/one/_sent.html",
    unchanged=UNSENT,
)
