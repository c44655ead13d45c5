"""Reports: how far the learners of a course are, for those who teach it."""
