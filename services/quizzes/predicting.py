"""Whether the next answer will be right, said before it is given: for the bench, which compares it with what came.

A few facts, each as a distance from the average of all answers, make one chance: how hard the question was for others,
how sure the learner is of the skill, how many of all their answers and of their latest ones were right, whether the
skill is new to them, and how able they are for how hard the question is. The weights begin as they are shipped and
move a little with each answer. Nothing is fitted beforehand, and an answer is learned from only after it was predicted.
"""

from collections.abc import Sequence
from math import exp, log

from services.quizzes.estimating import PRIOR_WEIGHT, USUAL_RATE, estimate, faded, smoothed

STEP = 0.005
"""by how much an answer moves the weights"""
LATEST = 0.9
"""how fast the latest answers of a learner fade, whatever their skill"""
MOST_LEARNERS = 200_000
"""that are remembered; those who were away for longest are forgotten first"""
MOST_WAITING = 1_000
"""answers that wait for more rows of the same answer"""
HARDEST = 20.0
"""a chance is never nearer to 0 or 1 than this many logits say"""
PLAIN_WEIGHTS = 0.7, 0.4, 0.5
"""of the question, of the skill and of the learner, where nothing else is known"""
WEIGHTS = 0.0, 0.6, 0.35, 0.2, 0.45, -0.3, 0.35
"""with which a predictor begins: of the average, then of the facts in the order of the sentence above"""

_Facts = tuple[float, float, float, float, float, float]
_Row = tuple[str, str, _Facts, float, int]
"""question, skill, the facts, the chance, and whether the answer was right"""


def chance(base: float, *, question: float, skill: float, learner: float) -> float:
    """Return how probably an answer is right, from four rates: of all answers, and of this question, skill, learner."""
    middle = _logit(base)
    of_question, of_skill, of_learner = PLAIN_WEIGHTS
    return _sigmoid(
        middle
        + of_question * (_logit(question) - middle)
        + of_skill * (_logit(skill) - middle)
        + of_learner * (_logit(learner) - middle)
    )


class _Learner:
    """What is known of one learner."""

    __slots__ = 'ability', 'answers', 'latest', 'latest_weight', 'right', 'skills', 'waiting'

    def __init__(self) -> None:
        self.right = 0
        self.answers = 0
        self.latest = 0.0
        self.latest_weight = 0.0
        self.ability = 0.0
        self.skills: dict[str, tuple[float, float]] = {}
        self.waiting: list[_Row] = []


class _Counted:
    """How a question, or a skill, was answered by all."""

    __slots__ = 'answers', 'difficulty', 'right'

    def __init__(self) -> None:
        self.right = 0
        self.answers = 0
        self.difficulty = 0.0


class Predictor:
    """Predicts answers in the order in which they were given, and learns from each one afterwards.

    Where a question trains several skills, a file has a row for each, all with the same result. Such rows are all
    predicted before one of them is learned from: otherwise the first would give the others away.
    """

    def __init__(self) -> None:
        """Know nothing of anybody."""
        self.weights = list(WEIGHTS)
        self._right = 0
        self._answers = 0
        self._questions: dict[str, _Counted] = {}
        self._skills: dict[str, _Counted] = {}
        self._learners: dict[str, _Learner] = {}
        self._waiting: dict[str, _Learner] = {}

    def take(self, learner: str, question: str, skill: str, correct: int) -> float:
        """Return how probably an answer is right; only then look whether it was."""
        known = self._learner(learner)
        waiting = known.waiting
        if waiting and (waiting[0][0] != question or any(row[1] == skill for row in waiting)):
            self._learn(known)
        facts = self._facts(known, question, skill)
        predicted = self._predict(facts)
        known.waiting.append((question, skill, facts, predicted, correct))
        self._waiting[learner] = known
        if len(self._waiting) > MOST_WAITING:
            self._learn(self._waiting.pop(next(iter(self._waiting))))
        return predicted

    def _learner(self, name: str) -> _Learner:
        known = self._learners.pop(name, None)
        if known is None:
            known = _Learner()
            if len(self._learners) >= MOST_LEARNERS:
                del self._learners[next(iter(self._learners))]
        self._learners[name] = known
        return known

    def _base(self) -> float:
        return smoothed(self._right, self._answers, USUAL_RATE)

    def _facts(self, learner: _Learner, question: str, skill: str) -> _Facts:
        base = self._base()
        middle = log(base / (1 - base))
        of_skill = self._skills.get(skill)
        rate = smoothed(of_skill.right, of_skill.answers, base) if of_skill else base
        asked = self._questions.get(question)
        prior = smoothed(asked.right, asked.answers, rate) if asked else rate
        met = learner.skills.get(skill)
        sure = estimate(*met, rate) if met else rate
        overall = smoothed(learner.right, learner.answers, base)
        latest = (learner.latest + PRIOR_WEIGHT * base) / (learner.latest_weight + PRIOR_WEIGHT)
        return (
            log(prior / (1 - prior)) - middle,
            log(sure / (1 - sure)) - middle,
            log(overall / (1 - overall)) - middle,
            log(latest / (1 - latest)) - middle,
            0.0 if met else 1.0,
            learner.ability - (asked.difficulty if asked else 0.0),
        )

    def _predict(self, facts: _Facts) -> float:
        one, prior, sure, overall, latest, new, able = self.weights
        return _sigmoid(
            _logit(self._base())
            + one
            + prior * facts[0]
            + sure * facts[1]
            + overall * facts[2]
            + latest * facts[3]
            + new * facts[4]
            + able * facts[5]
        )

    def _learn(self, learner: _Learner) -> None:
        """Learn from the rows of one answer."""
        rows, learner.waiting = learner.waiting, []
        for question, skill, facts, predicted, correct in rows:
            self._move_weights(facts, STEP * (correct - predicted))
            asked = self._questions.get(question) or self._questions.setdefault(question, _Counted())
            self._move_ability(learner, asked, facts[5], correct)
            of_skill = self._skills.get(skill) or self._skills.setdefault(skill, _Counted())
            for counted in (asked, of_skill):
                counted.right += correct
                counted.answers += 1
            learner.skills[skill] = faded(*learner.skills.get(skill, (0.0, 0.0)), correct)
            learner.latest = LATEST * learner.latest + (1 - LATEST) * correct
            learner.latest_weight = LATEST * learner.latest_weight + (1 - LATEST)
            learner.right += correct
            learner.answers += 1
            self._right += correct
            self._answers += 1

    def _move_weights(self, facts: Sequence[float], by: float) -> None:
        weights = self.weights
        weights[0] += by
        for place, fact in enumerate(facts, start=1):
            weights[place] += by * fact

    def _move_ability(self, learner: _Learner, asked: _Counted, able: float, correct: int) -> None:
        """Move how able a learner and how hard a question is by the surprise, the less the more is known of each."""
        surprise = correct - _sigmoid(able + _logit(self._base()))
        learner.ability += surprise * max(0.05, 0.8 / (1 + 0.3 * learner.answers))
        asked.difficulty -= surprise * max(0.025, 1 / (1 + 0.5 * asked.answers))


def _logit(rate: float) -> float:
    return log(rate / (1 - rate))


def _sigmoid(logit: float) -> float:
    return 1 / (1 + exp(-max(-HARDEST, min(HARDEST, logit))))
