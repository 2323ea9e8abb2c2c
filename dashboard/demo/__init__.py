"""A shop that never was: data for the first steps, the same each time for the same day."""

from dashboard.demo.shop import load

__all__ = ["load"]
