"""Assignments: what they ask for, what learners hand in, and what comes back."""
