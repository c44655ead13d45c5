"""Parents: whose parents they are, what they see of their children, and who ends it."""
