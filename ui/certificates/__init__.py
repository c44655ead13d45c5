"""Pages and lists of certificates."""
