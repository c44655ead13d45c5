"""Answers of a made-up school, of which it is known how probable each right one was: the best that anybody can predict.

Learners differ in how able they are, in each skill again, and become better with every answer; skills and questions
differ in how hard they are. Learners stay with a skill for a while. The same seed gives the same file.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from math import exp

LEARNERS, SKILLS, QUESTIONS = 1_500, 20, 30
"""questions are those of each skill"""
ANSWERS = 100_000
STAYS = 0.85
"""how probably a learner stays with a skill for one more answer"""
LEARNS = 0.08
"""by how many logits each answer to a skill makes its learner better, at most `MOST_LEARNED` times"""
MOST_LEARNED = 15
SEED = 20261129


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One answer, and how probable a right one was."""

    learner: str
    question: str
    skill: str
    correct: int
    chance: float


def made(answers: int = ANSWERS) -> Iterator[Made]:
    """Yield answers in the order in which they are given."""
    drawn = random.Random(SEED)
    able = [drawn.gauss(0.6, 0.8) for _ in range(LEARNERS)]
    hard = [drawn.gauss(0, 0.6) for _ in range(SKILLS)]
    questions = [[drawn.gauss(0, 0.8) for _ in range(QUESTIONS)] for _ in range(SKILLS)]
    knows: dict[tuple[int, int], float] = {}
    met: dict[tuple[int, int], int] = {}
    current = [drawn.randrange(SKILLS) for _ in range(LEARNERS)]
    for _ in range(answers):
        who = drawn.randrange(LEARNERS)
        if drawn.random() > STAYS:
            current[who] = drawn.randrange(SKILLS)
        skill, question = current[who], drawn.randrange(QUESTIONS)
        key = (who, skill)
        if key not in knows:
            knows[key] = drawn.gauss(0, 0.7)
        learned = LEARNS * min(met.get(key, 0), MOST_LEARNED)
        chance = 1 / (1 + exp(-(able[who] + knows[key] + learned - hard[skill] - questions[skill][question])))
        met[key] = met.get(key, 0) + 1
        yield Made(
            learner=f'u{who}',
            question=f'q{skill}.{question}',
            skill=f's{skill}',
            correct=int(drawn.random() < chance),
            chance=chance,
        )
