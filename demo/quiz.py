"""The quiz of the demo school: one question of each kind, taken by some learners; most of their essays are graded."""

import random
from decimal import Decimal
from uuid import uuid4

from services.access import Actor
from services.core import database
from services.courses import checkpoints
from services.courses.checkpoints import Details
from services.enums import CheckpointKind
from services.people import joining
from services.quizzes import answering, attempts, bank, closing, marking, quiz_settings
from services.quizzes.answer import Answer
from services.quizzes.answering import Given
from services.quizzes.question import (
    WHOLE,
    NumberAnswer,
    Option,
    Pair,
    Question,
    QuestionKind,
    TextAnswer,
)
from services.quizzes.quiz_settings import Band, Fixed, Rules

QUIZ = Details(
    title='What do you know about soil?',
    kind=CheckpointKind.QUIZ,
    description='Seven questions. Every answer is saved as you give it.',
    estimated_minutes=15,
)
RULES = Rules(
    minutes=20,
    bands=(
        Band(from_percent=80, text='You can explain where the water goes.'),
        Band(from_percent=0, text='Look at the three tubes once more, and try again.'),
    ),
)
FINEST = Question(
    kind=QuestionKind.SINGLE_CHOICE,
    text='Which soil has the **finest** grains?',
    tags=('grains',),
    options=(
        Option(text='Clay', credit=WHOLE, feedback='Its grains are smaller than 0.002 mm.'),
        Option(text='Silt', feedback='Silt lies between sand and clay.'),
        Option(text='Sand', feedback='Sand has the coarsest grains of the three.'),
    ),
)
HOLDS = Question(
    kind=QuestionKind.MULTIPLE_CHOICE,
    text='What makes soil hold more water?',
    points=Decimal(2),
    tags=('water',),
    options=(
        Option(text='Humus', credit=WHOLE),
        Option(text='Clay', credit=WHOLE),
        Option(text='Gravel'),
        Option(text='Coarse sand'),
    ),
)
RISES = Question(
    kind=QuestionKind.TRUE_FALSE,
    text='Water can rise in soil, against its weight.',
    tags=('water',),
    options=(Option(credit=WHOLE), Option()),
    feedback='It does so in narrow pores, as in a sponge.',
)
NEUTRAL = Question(
    kind=QuestionKind.NUMERIC,
    text='Which pH is neutral?',
    tags=('chemistry',),
    numbers=(NumberAnswer(value=Decimal(7), tolerance=Decimal('0.1')),),
)
DARK = Question(
    kind=QuestionKind.SHORT_TEXT,
    text='What is the dark part of soil called that was once plants?',
    tags=('grains',),
    texts=(TextAnswer(pattern='humus'),),
    forgives_typos=True,
)
PAIRS = Question(
    kind=QuestionKind.MATCHING,
    text='What do you feel between your fingers?',
    points=Decimal(2),
    tags=('grains',),
    pairs=(
        Pair(left='Sand', right='it is rough'),
        Pair(left='Loam', right='it crumbles'),
        Pair(left='Clay', right='it is sticky'),
    ),
)
WHY = Question(
    kind=QuestionKind.ESSAY,
    text='Explain in a few sentences why a puddle stays on clay, and not on sand.',
    points=Decimal(4),
    tags=('water',),
    graders_note='Pores: few and narrow in clay, many and wide in sand. One point for each word, two for the reason.',
)
QUESTIONS = FINEST, HOLDS, RISES, NEUTRAL, DARK, PAIRS, WHY
RIGHT = (
    Answer(chosen=(0,)),
    Answer(chosen=(0, 1)),
    Answer(chosen=(0,)),
    Answer(text='7'),
    Answer(text='Humus'),
    Answer(pairs=(0, 1, 2)),
    Answer(text='The pores of clay are too narrow for the water to run through quickly, so it stays on top.'),
)
WRONG = (
    Answer(chosen=(2,)),
    Answer(chosen=(0, 2)),
    Answer(chosen=(1,)),
    Answer(text='5,5'),
    Answer(text='compost'),
    Answer(pairs=(0, 2, 1)),
    Answer(text='Because clay is heavy.'),
)
LEARNERS = 'Amina Yusuf, Ben Okafor, Chen Wei, Daria Kowalska, Emil Sørensen, Hana Novak, Inês Carvalho, Kwame Mensah'
MORE = 'Léa Fontaine, Mehmet Yılmaz, Nora Lindqvist, Priya Raman'
WAIT = 3
"""essays that still have no grade"""
REMARKS = {
    WRONG[-1].text: (Decimal(1), 'Sand is heavy as well. What is between the grains, and how wide is it?'),
    RIGHT[-1].text: (Decimal(4), 'Clear, and complete.'),
}


async def add_quiz(instructor: Actor, course_id: int, module_id: int, code: str) -> int:
    """Add the quiz at the end of a module, and let twelve learners take it; returns its checkpoint."""
    checkpoint_id = await database.write(checkpoints.add_one, instructor, course_id, details=QUIZ, module_id=module_id)
    ids = await database.write(bank.add_many, instructor, course_id, list(QUESTIONS))
    await database.write(quiz_settings.set_rules, instructor, checkpoint_id, RULES)
    await database.write(quiz_settings.set_items, instructor, checkpoint_id, [Fixed(question_id=each) for each in ids])
    await database.write(quiz_settings.publish, instructor, checkpoint_id, published=True)
    chance = random.Random(7)  # noqa: S311 - the same school each time
    for number, name in enumerate(f'{LEARNERS}, {MORE}'.split(', ')):
        joined = await database.write(joining.join_as_guest, code=code, name=name, device='Demo')
        if joined.entered:
            await _take(joined.entered.actor, checkpoint_id, chance, skill=0.45 + 0.045 * number)
    await _grade(instructor, checkpoint_id, question_id=ids[-1])
    return checkpoint_id


async def _grade(instructor: Actor, checkpoint_id: int, *, question_id: int) -> None:
    """Grade the essays but for the newest ones."""
    essays = await database.read(marking.on_desk, instructor, checkpoint_id, question_id=question_id)
    for essay in sorted(essays, key=lambda each: each.attempt_id)[:-WAIT]:
        points, remark = REMARKS[essay.text]
        await database.write(
            marking.grade, instructor, essay.attempt_id, position=essay.position, points=points, remark=remark
        )


async def _take(learner: Actor, checkpoint_id: int, chance: random.Random, *, skill: float) -> None:
    attempt_id = await database.write(attempts.start, learner, checkpoint_id, tap_id=uuid4().hex)
    for position, (right, wrong) in enumerate(zip(RIGHT, WRONG, strict=True)):
        given = right if chance.random() < skill else wrong
        await answering.save(
            Given(
                actor=learner,
                attempt_id=attempt_id,
                position=position,
                tap_id=uuid4().hex,
                answer=given,
                seconds=chance.randint(10, 90),
            )
        )
    await database.write(closing.submit, learner, attempt_id)
