"""Answers are predicted before they are learned from, and how good that is can be counted by hand."""

import gzip
import random
from itertools import pairwise
from pathlib import Path

import pytest

from bench import mastery
from bench.made_answers import made
from bench.mastery import Unreadable
from bench.scores import Scores
from services.quizzes.estimating import USUAL_RATE, estimate, faded
from services.quizzes.predicting import Predictor, chance

pytestmark = pytest.mark.req('Q6', 'N4')

Row = tuple[str, str, str, int]


def some_answers(count: int, seed: int = 3) -> list[Row]:
    drawn = random.Random(seed)
    return [
        (f'u{drawn.randrange(9)}', f'q{drawn.randrange(12)}', f's{drawn.randrange(4)}', drawn.randrange(2))
        for _ in range(count)
    ]


def predictions(answers: list[Row]) -> list[float]:
    predictor = Predictor()
    return [predictor.take(*answer) for answer in answers]


def test_the_estimate_is_a_rate_that_a_teacher_can_recount() -> None:
    right, weight = faded(0.0, 0.0, 1)
    assert (round(right, 9), round(weight, 9)) == (0.2, 0.2)
    right, weight = faded(right, weight, 0)
    assert (round(right, 9), round(weight, 9)) == (0.16, 0.36)
    assert estimate(right, weight, 0.5) == pytest.approx((0.16 + 0.35) / (0.36 + 0.7))
    assert estimate(0.0, 0.0, USUAL_RATE) == pytest.approx(USUAL_RATE)


def test_no_answer_is_known_before_it_is_predicted() -> None:
    answers = some_answers(300)
    whole = predictions(answers)
    for place in (0, 1, 57, 298):
        *known, (learner, question, skill, correct) = answers[: place + 1]
        other = [*known, (learner, question, skill, 1 - correct)]
        assert predictions(other) == whole[: place + 1]


def test_rows_of_one_answer_do_not_give_each_other_away() -> None:
    before = some_answers(60)
    for between in ([], [('u99', 'q1', 's1', 0)]):
        right, wrong = (
            predictions([*before, ('new', 'q1', 's1', result), *between, ('new', 'q1', 's2', result)])
            for result in (1, 0)
        )
        assert right == wrong
    again = [predictions([*before, ('new', 'q1', 's1', result), ('new', 'q1', 's1', 1)])[-1] for result in (1, 0)]
    assert again[0] > again[1], 'the same question again is another answer, and the first one counts'


def test_harder_questions_and_surer_learners_move_the_chance() -> None:
    chances = [chance(0.66, question=rate, skill=0.7, learner=0.7) for rate in (0.2, 0.5, 0.9)]
    assert all(lower < higher for lower, higher in pairwise(chances))
    assert chance(0.66, question=0.66, skill=0.66, learner=0.66) == pytest.approx(0.66)


def test_the_figures_are_those_that_a_person_would_count() -> None:
    scores = Scores()
    told = [(0.9, 1), (0.8, 0), (0.8, 1), (0.3, 0), (0.1, 0), (0.05, 1)]
    for predicted, correct in told:
        scores.take(predicted, correct)
    pairs = [(high > low) + (high == low) / 2 for high, one in told if one for low, zero in told if not zero]
    assert scores.auc == pytest.approx(sum(pairs) / len(pairs))
    assert scores.brier == pytest.approx(sum((correct - predicted) ** 2 for predicted, correct in told) / 6)
    assert scores.ece == pytest.approx((0.1 + abs(1 - 1.6) + 0.3 + abs(0 - 0.1) + abs(1 - 0.05)) / 6)


def test_made_up_answers_are_predicted_nearly_as_well_as_can_be(tmp_path: Path) -> None:
    path, out = tmp_path / 'answers.csv.gz', tmp_path / 'out.csv'
    best = Scores()
    with gzip.open(path, 'wt') as file:
        file.write('item,user,correct,skill\n')
        for each in made(12_000):
            best.take(round(each.chance, 5), each.correct)
            file.write(f'{each.question},{each.learner},{each.correct},{each.skill}\n')
    scores, _ = mastery.judged(path, out)
    assert 0.66 < scores.auc < best.auc
    assert scores.ece < 0.03
    lines = out.read_text().splitlines()
    assert lines[0] == 'row,user,item,skill,p,y'
    assert len(lines) == 12_001 == scores.count + 1


@pytest.mark.parametrize(
    ('text', 'said'),
    [
        pytest.param('user,item,correct\na,b,1\n', 'skill', id='column'),
        pytest.param('user,item,skill,correct\na,b,c,2\n', 'Line 2', id='result'),
        pytest.param('user,item,skill,correct\na,b\n', 'Line 2', id='short'),
        pytest.param('user,item,skill,correct\n', 'no answers', id='empty'),
    ],
)
def test_a_file_that_cannot_be_read_says_why(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / 'answers.csv'
    path.write_text(text)
    with pytest.raises(Unreadable, match=said):
        mastery.judged(path)
