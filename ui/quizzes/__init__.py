"""Quizzes as learners meet them: before, during and after an attempt."""
