"""How a mailing leaves: how fast, when again, and when to stop by itself."""
