"""The addresses, a file for each subject."""
