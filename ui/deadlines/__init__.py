"""Deadlines of learners, and the calendar in which their own programs show them."""
