"""Whom a mailing goes to: where its recipients come from, and what a check finds of them."""
