"""Deadlines of a learner over all their courses, and the calendar in which other programs show them."""
