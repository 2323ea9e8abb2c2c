"""One e-mail to one person."""
