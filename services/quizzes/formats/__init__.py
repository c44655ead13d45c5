"""Questions as other programs write them: each format is read to, and written from, the one value that a question is.

Nothing here knows the database; `reading.read` is the door for files from anywhere.
"""
