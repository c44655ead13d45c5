"""The files that an instructor gives for checkpoints: received, checked, stored, served."""
