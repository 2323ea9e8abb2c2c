"""Takes imports back: first a job that looks what that would mean, then one that does it."""
