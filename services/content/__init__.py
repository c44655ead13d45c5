"""What there is to watch and to read, and how far each learner is with it."""
