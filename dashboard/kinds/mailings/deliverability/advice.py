"""What to do about each thing that is found, in one or two sentences."""

from collections.abc import Mapping
from typing import Final

from dashboard.kinds.mailings.deliverability import message as own
from dashboard.mail.domain import alignment, dkim, dmarc, found, own as own_key, spf
from dashboard.mail.weight import attached, links, message
from dashboard.words import marked

KEY_ANEW: Final = marked("Publish the key once more, just as your mail provider shows it.")
ADVICE: Final[Mapping[str, str]] = {
    found.NO_DOMAIN: marked("Correct the sender’s address."),
    found.UNCHECKED: marked(
        "Check again in a minute. If it stays so, an administrator names a name server that the"
        " desk can reach, as FLASK_MAIL_DNS."
    ),
    spf.NO_DOMAIN: marked("Correct the sender’s address, or register the domain."),
    spf.MISSING: marked(
        "Whoever looks after the domain adds a TXT record that begins with v=spf1 and names your"
        " mail server."
    ),
    spf.SEVERAL: marked("Put both into one record, and delete the other one."),
    spf.UNREADABLE: marked("Correct this word of the record."),
    spf.NO_TARGET: marked("Correct the name behind include: or redirect=, or delete it."),
    spf.TOO_MANY: marked(
        "Delete from the record what nobody sends with any more, or write addresses (ip4:, ip6:)"
        " instead of names."
    ),
    spf.EVERYBODY: marked("Let the record end in ~all or -all."),
    spf.NOBODY: marked("Name your mail server in the record: as it is, nothing of yours counts."),
    spf.OPEN: marked("Let the record end in ~all, and in -all once all your servers are named."),
    spf.PTR: marked("Write ip4:, ip6: or include: instead of ptr."),
    alignment.NO_RETURN: marked(
        "An administrator corrects FLASK_MAIL_RETURN_PATH, or registers the domain."
    ),
    alignment.NOT_ALIGNED: marked(
        "Let your mail provider sign with DKIM, or let an administrator choose an address of the"
        " sender’s domain as FLASK_MAIL_RETURN_PATH."
    ),
    dkim.WEAK_KEY: marked("Make a key of 2048 bits at your mail provider and publish that one."),
    dkim.TESTED: marked("Take t=y out of the record."),
    dkim.OTHER: marked(
        "Look up at your mail provider which key signs. An administrator enters its name as"
        " FLASK_MAIL_DKIM_SELECTORS."
    ),
    dkim.REVOKED: marked("Turn DKIM on at your mail provider and publish the new key."),
    dkim.UNREADABLE: KEY_ANEW,
    dkim.TOO_SHORT: marked("Make a key of 2048 bits at your mail provider and publish that one."),
    dkim.MISSING: marked("Turn DKIM on at your mail provider and publish the key that it shows."),
    dkim.NOT_FOUND: marked(
        "Turn DKIM on at your mail provider and publish the key that it shows. Where there is one"
        " by another name, an administrator enters that as FLASK_MAIL_DKIM_SELECTORS."
    ),
    own_key.MISSING: marked(
        "Whoever looks after the domain adds this TXT record. Until then nobody can check the"
        " signatures."
    ),
    own_key.OTHER: marked("Whoever looks after the domain replaces it with this TXT record."),
    own_key.SHORT: marked(
        "An administrator makes a key of 2048 bits and names it in FLASK_MAIL_DKIM_KEYS."
    ),
    dmarc.MISSING: marked(
        "Add a TXT record named _dmarc that says v=DMARC1; p=none. It can be made stricter later."
    ),
    dmarc.SEVERAL: marked("Delete all records but one."),
    dmarc.NO_POLICY: marked("Write p=none, p=quarantine or p=reject into the record."),
    dmarc.WATCHES: marked("Write p=quarantine into the record once SPF and DKIM are good."),
    dmarc.IN_PART: marked("Take pct= out of the record once all your e-mails arrive."),
    own.UNWRITABLE: marked("Change the message: it cannot be sent as it stands."),
    message.LONG: marked("Shorten it, or link to a page that has the rest."),
    message.LARGE: marked("Link to large files and pictures instead of sending them."),
    message.NO_ALT: marked("Say what each picture shows: ![a chart of sales](https://…)."),
    message.ONLY_IMAGES: marked("Say in words what the pictures show."),
    message.EMPTY: marked("Write what people are to read."),
    message.CANNOT_LEAVE: marked(
        "An administrator enters the desk’s public address, with https://, as FLASK_PUBLIC_URL."
    ),
    message.NO_SUBJECT: marked("Write a subject."),
    message.CAPITALS: marked("Write it as any other sentence."),
    links.MISLEADING: marked(
        "Let the words say where the link leads, or choose words that are no address."
    ),
    links.UNENCRYPTED: marked("Write https:// where the site can be reached so."),
    attached.WEIGHTY: marked("Put large files where people can fetch them, and link to them."),
    attached.BARRED: marked("Let people fetch such files from a page, and link to it."),
    attached.WITH_MACROS: marked("Save them without macros, or as PDF."),
}
