"""What the codes of mail servers mean by themselves."""

from collections.abc import Mapping
from typing import Final

from dashboard.mail.readings import (
    FAST,
    FULL,
    LARGE,
    NO_ADDRESS,
    NO_DOMAIN,
    RULES,
    SENDER,
    SIGN_IN,
    SPAM,
    SWITCHED_OFF,
    TROUBLE,
    UNPROVEN,
    Reading,
)

# Subject and detail of enhanced status codes (RFC 3463, RFC 5248, RFC 7372, RFC 7505); behind
# them what a whole subject means.
DETAILS: Final[Mapping[str, Reading]] = {
    "1.1": NO_ADDRESS,
    "1.2": NO_DOMAIN,
    "1.3": NO_ADDRESS,
    "1.4": NO_ADDRESS,
    "1.6": NO_ADDRESS,
    "1.7": SENDER,
    "1.8": SENDER,
    "1.10": NO_ADDRESS,
    "2.1": SWITCHED_OFF,
    "2.2": FULL,
    "2.3": LARGE,
    "3.4": LARGE,
    "5.3": FAST,
    "7.8": SIGN_IN,
    "7.9": SIGN_IN,
    "7.11": SIGN_IN,
    "7.20": UNPROVEN,
    "7.21": UNPROVEN,
    "7.22": UNPROVEN,
    "7.23": UNPROVEN,
    "7.24": UNPROVEN,
    "7.25": UNPROVEN,
    "7.26": UNPROVEN,
    "7.27": SENDER,
    "7.28": FAST,
    "7.509": UNPROVEN,
    "7.511": SPAM,
    "7.515": UNPROVEN,
}
SUBJECTS: Final[Mapping[str, Reading]] = {"3": TROUBLE, "4": TROUBLE, "5": TROUBLE, "7": RULES}
# The codes of RFC 5321 and RFC 4954 that say something by themselves.
CODES: Final[Mapping[int, Reading]] = {
    421: FAST,
    450: FAST,
    451: TROUBLE,
    452: TROUBLE,
    454: TROUBLE,
    521: NO_DOMAIN,
    523: LARGE,
    530: SIGN_IN,
    534: SIGN_IN,
    535: SIGN_IN,
    538: SIGN_IN,
    552: FULL,
    556: NO_DOMAIN,
}
