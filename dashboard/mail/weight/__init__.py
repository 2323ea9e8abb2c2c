"""What speaks against a message before it is sent: its size, links, images, subject and files."""

from dashboard.mail.weight.attached import File, weigh_attachments
from dashboard.mail.weight.message import weigh

__all__ = ["File", "weigh", "weigh_attachments"]
