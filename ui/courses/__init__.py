"""The course editor."""
