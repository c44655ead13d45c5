"""Questions in a bank, quizzes made of them, attempts at quizzes, and what they are worth."""
