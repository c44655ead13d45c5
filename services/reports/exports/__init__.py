"""Tables of a course as files: of chosen learners and days, the same on screen and in every kind of file."""
