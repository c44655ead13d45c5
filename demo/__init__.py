"""The demo school: a course, a class that moves by itself, a video and a booklet."""
