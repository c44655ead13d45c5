"""Notes and bookmarks: what learners write down at a checkpoint, for themselves alone."""
