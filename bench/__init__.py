"""The bench: how fast the desk is, measured on the real thing."""
