"""Goals on screen."""
