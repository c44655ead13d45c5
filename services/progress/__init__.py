"""Progress: how far each learner is with checkpoints and courses."""
