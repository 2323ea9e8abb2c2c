"""Sends e-mails by SMTP (RFC 5321): one letter a connection, or many on one."""

from dashboard.mail.smtp.carrier import SmtpCarrier
from dashboard.mail.smtp.mailer import SmtpMailer

__all__ = ["SmtpCarrier", "SmtpMailer"]
