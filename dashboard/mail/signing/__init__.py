"""Signatures by which mail servers believe that an e-mail comes from its domain (DKIM, RFC 6376).

They need the extra “dkim”; a desk without keys signs nothing and loads nothing of it.
"""

from dashboard.mail.signing.record import Record
from dashboard.mail.signing.setting import is_there, signers_of
from dashboard.mail.signing.signers import Key, Signers

__all__ = ["Key", "Record", "Signers", "is_there", "signers_of"]
