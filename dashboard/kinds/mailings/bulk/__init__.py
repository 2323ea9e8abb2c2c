"""One message to many people."""
