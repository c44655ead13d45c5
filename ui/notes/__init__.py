"""Pages and panels for notes and bookmarks."""
