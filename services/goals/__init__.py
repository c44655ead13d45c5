"""Goals: what learners set themselves for a week, and by a day."""
