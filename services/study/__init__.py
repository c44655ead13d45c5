"""Self-paced learning: the path through a course, its content, and the time that it takes."""
