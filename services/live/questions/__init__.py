"""Questions that are asked in class: opened, answered by many at once, closed, and shown together."""
