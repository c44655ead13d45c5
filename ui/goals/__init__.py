"""Pages and lists of goals."""
