"""A mailing as a plain script sends it: EmailMessage, smtplib, and the desk's own ledger."""

import smtplib
from collections.abc import Mapping
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any, Final
from uuid import UUID

from jinja2.sandbox import SandboxedEnvironment

from bench.fresh import arguments, tell
from bench.mailings import send_from_afar
from dashboard import create_app
from dashboard.extensions import db
from dashboard.kinds.mailings.ledger import Marks, claim, counts, token_of
from dashboard.kinds.mailings.sending.letters import letters_of
from dashboard.mail.writing import frame
from dashboard.models import Fate, Mailing

LINK: Final = "https://desk.example.org/unsubscribe"

given = arguments()
send_from_afar()
app = create_app(**given["settings"])


def work() -> Mapping[str, Any]:
    """Send all of it over one connection, each marked; gives how many were sent."""
    mailing_id = given["mailing"]
    with app.app_context():
        letters = letters_of(db.session.get_one(Mailing, mailing_id), datetime.now(UTC))
        assert letters.link_of is not None
        # What the desk has made of the message, with Jinja's fields where its own were.
        fields = {name: f"{{{{ {name} }}}}" for name in letters.written.fields}
        subject, text, html = letters.written.render(fields)
        html, text = frame(html, text, why=letters.why, unsubscribe=LINK)
        jinja, jinja_html = (SandboxedEnvironment(autoescape=escapes) for escapes in (False, True))
        subject_template = jinja.from_string(subject)
        text_template = jinja.from_string(text.replace(LINK, "{{ link }}"))
        html_template = jinja_html.from_string(html.replace(LINK, "{{ link }}"))
        token = token_of(UUID(int=1), 1, 0)
        with smtplib.SMTP("127.0.0.1", given["port"]) as smtp, Marks(token) as marks:
            while held := claim(mailing_id, token):
                for one in held:
                    link = letters.link_of(one.id)
                    values = {**one.values, "link": link}
                    made = EmailMessage()
                    made["From"], made["To"] = letters.return_path, one.email
                    made["Subject"] = subject_template.render(values)
                    made["Message-ID"] = one.message_id
                    made["Date"] = format_datetime(letters.date)
                    made["List-Unsubscribe"] = f"<{link}>"
                    made["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
                    made.set_content(text_template.render(values))
                    made.add_alternative(html_template.render(values), subtype="html")
                    body = made.as_bytes()
                    smtp.sendmail(letters.return_path, [one.email], body)
                    marks.mark(one.id, Fate.SENT, datetime.now(UTC), code=250, words="Ok")
        return {"sent": counts(mailing_id)[Fate.SENT], "bytes": len(body)}


tell(work)
