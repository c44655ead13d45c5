"""A class on screen: instructor, projector, learner, replay, attendance."""
