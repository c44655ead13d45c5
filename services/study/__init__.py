"""Learning at one's own pace: the path through a course, its content, and the time that it takes."""
