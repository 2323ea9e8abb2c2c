"""A mailing while it is sent and afterwards: how far it is, and what became of each recipient."""
