"""How sure a learner is of a skill: a rate of right answers in which the newest count most, and a teacher can recount.

Each answer moves two numbers, what was right and what was answered, both fading by a fifth; a little of the usual rate
keeps the first answers from saying too much. There is nothing to train. Reasons: decision 32.
"""

FADING = 0.8
"""by how much what was answered before still counts after one more answer"""
PRIOR_WEIGHT = 0.7
"""how much the usual rate counts; an answer alone weighs 0.2, all of a long history 1"""
USUAL_RATE = 0.66
"""of right answers, where nobody has answered yet"""
PRIOR_ANSWERS = 5
"""with how many answers at the rate around it the rate of a question or a skill begins"""
ENOUGH = 3
"""answers without which nothing is said"""


def faded(right: float, weight: float, result: float) -> tuple[float, float]:
    """Return both numbers after one more answer, which was right by 0 to 1."""
    kept = 1 - FADING
    return FADING * right + kept * result, FADING * weight + kept


def estimate(right: float, weight: float, rate: float) -> float:
    """Return from 0 to 1 how probably the next answer is right; `rate` is how many of all answers to the skill are."""
    return (right + PRIOR_WEIGHT * rate) / (weight + PRIOR_WEIGHT)


def smoothed(right: float, answers: float, around: float) -> float:
    """Return a rate of right answers, drawn towards the rate around it where there are few."""
    return (right + PRIOR_ANSWERS * around) / (answers + PRIOR_ANSWERS)
