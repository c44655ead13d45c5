"""Notes and bookmarks: what learners write down at a step, for themselves alone."""
