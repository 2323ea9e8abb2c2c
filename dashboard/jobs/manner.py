"""In which manner a person reads pages and letters."""

from flask import current_app

from dashboard.models import User
from dashboard.words import LOCALES, Manner
from dashboard.words.manner import zone_of


def manner_of(person: User) -> Manner:
    """Give the manner of *person*; the desk's where they chose none, or one not known here."""
    locale, zone = person.locale, person.time_zone
    return Manner(
        locale if locale in LOCALES else current_app.config["LOCALE"],
        zone if zone and zone_of(zone) else current_app.config["TIME_ZONE"],
    )
