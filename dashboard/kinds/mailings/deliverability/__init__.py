"""What speaks for and against a mailing before it is sent: will mail servers believe it?"""

from dashboard.kinds.mailings.deliverability.report import Report, report_of

__all__ = ["Report", "report_of"]
