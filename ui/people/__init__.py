"""The people of a course on screen."""
