"""The ledger's tables."""

from dashboard.models.artifact import Artifact
from dashboard.models.attachment import Attachment
from dashboard.models.attempt import Attempt, Outcome
from dashboard.models.audit import AuditEntry
from dashboard.models.base import Base, clock, transaction
from dashboard.models.bounce_mailbox import BounceMailbox
from dashboard.models.contact import Contact
from dashboard.models.contact_list import ContactList
from dashboard.models.dead_letter import DeadLetter
from dashboard.models.delivery import OVER, Delivery, Fate
from dashboard.models.favourite import Favourite
from dashboard.models.import_marks import IMPORT_IMAGES, IMPORT_MARKS
from dashboard.models.import_target import ImportTarget
from dashboard.models.job import ACTIVE, FINAL, HAS_ENDED, Follower, Job, LogLine, State, WrongState
from dashboard.models.letter import Letter, LetterVersion
from dashboard.models.mailing import (
    MAILING_TITLE_LIMIT,
    SUBJECT_LIMIT,
    WHY_LIMIT,
    Mailing,
    MailingState,
)
from dashboard.models.name import Name, Named
from dashboard.models.note import NOTE_LIMIT, Note
from dashboard.models.notice import Notice, NoticeState
from dashboard.models.open_table import OpenTable
from dashboard.models.preset import PRESET_NAME_LIMIT, Preset
from dashboard.models.sender import SENDER_NAME_LIMIT, Sender
from dashboard.models.suppression import Cause, Suppression
from dashboard.models.throttle import Throttle
from dashboard.models.upload import Upload
from dashboard.models.user import (
    PASSWORD_MIN_LENGTH,
    ApiToken,
    Role,
    Theme,
    User,
    digest,
    new_token,
    normal_email,
)
from dashboard.models.worker import Part, Process, Queue

__all__ = [
    "ACTIVE",
    "FINAL",
    "HAS_ENDED",
    "IMPORT_IMAGES",
    "IMPORT_MARKS",
    "MAILING_TITLE_LIMIT",
    "NOTE_LIMIT",
    "OVER",
    "PASSWORD_MIN_LENGTH",
    "PRESET_NAME_LIMIT",
    "SENDER_NAME_LIMIT",
    "SUBJECT_LIMIT",
    "WHY_LIMIT",
    "ApiToken",
    "Artifact",
    "Attachment",
    "Attempt",
    "AuditEntry",
    "Base",
    "BounceMailbox",
    "Cause",
    "Contact",
    "ContactList",
    "DeadLetter",
    "Delivery",
    "Fate",
    "Favourite",
    "Follower",
    "ImportTarget",
    "Job",
    "Letter",
    "LetterVersion",
    "LogLine",
    "Mailing",
    "MailingState",
    "Name",
    "Named",
    "Note",
    "Notice",
    "NoticeState",
    "OpenTable",
    "Outcome",
    "Part",
    "Preset",
    "Process",
    "Queue",
    "Role",
    "Sender",
    "State",
    "Suppression",
    "Theme",
    "Throttle",
    "Upload",
    "User",
    "WrongState",
    "clock",
    "digest",
    "new_token",
    "normal_email",
    "transaction",
]
