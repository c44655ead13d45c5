"""Placeholder until the pages of instructors are there."""


def create() -> None:
    """Declare the pages."""
