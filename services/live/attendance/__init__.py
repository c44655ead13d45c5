"""Attendance: the stays of learners in classes, and the report on them."""
