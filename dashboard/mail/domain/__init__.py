"""Whether a sender's domain is set up so that its e-mails are believed: SPF, DKIM and DMARC."""

from dashboard.mail.domain.finding import Finding, State
from dashboard.mail.domain.found import Found, look, unchecked
from dashboard.mail.domain.resolver import resolver_at

__all__ = ["Finding", "Found", "State", "look", "resolver_at", "unchecked"]
