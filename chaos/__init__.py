"""Chaos: breaks a real desk in every way it can, then looks whether it kept its word."""
