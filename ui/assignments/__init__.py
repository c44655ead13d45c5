"""Assignments: what learners hand in, and the desk at which it is graded."""
