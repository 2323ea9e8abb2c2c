"""The recipients of a mailing as a file, each with what became of it."""
