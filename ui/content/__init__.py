"""Videos and documents on pages, and the routes of their files."""
