"""Makes a course with many quizzes and grades: `python -m bench.build_gradebook <quizzes> <learners>`.

Its last line is JSON: the course, the teacher's cookie, and how the first learner is called.
"""

import asyncio
import random
import sys
from datetime import timedelta
from uuid import uuid4

import orjson
from sqlalchemy import Engine

import migrations
from bench.build_school import instructor
from bench.crowd import gather
from models import Verb
from services import projections
from services.access import Actor
from services.activity import recording
from services.activity.log import Entry
from services.core import clock, database
from services.core.transaction import Transaction
from services.courses import catalog, checkpoints
from services.courses.checkpoints import Details
from services.enums import CheckpointKind
from services.quizzes import bank, quiz_settings
from services.quizzes.question import WHOLE, Option, Question, QuestionKind
from services.quizzes.quiz_settings import Fixed
from settings import settings
from ui.shell.request import COOKIE

TAKEN = 0.9
"""the share of the quizzes that a learner has taken"""
QUESTION = Question(kind=QuestionKind.TRUE_FALSE, text='Is it?', options=(Option(credit=WHOLE), Option()))


async def build(engine: Engine, quizzes: int, learners: int) -> dict[str, object]:
    """Create the course, its quizzes, half of them due already, and the scores of its learners."""
    teacher = await instructor()
    course_id = await database.write(catalog.create, teacher.actor, title='A big gradebook')
    question_id = await database.write(bank.add, teacher.actor, course_id, QUESTION)
    ids = [await _quiz(teacher.actor, course_id, question_id, number) for number in range(quizzes)]
    crowd = await asyncio.to_thread(gather, engine, course_id=course_id, learners=learners)
    chance = random.Random(1)  # the same course each time
    people = [each.user_id for each in crowd.learners]
    for checkpoint_id in ids:
        await database.write(_score, course_id, checkpoint_id, people, chance)
    return {'course_id': course_id, 'cookies': {COOKIE: teacher.token}}


async def _quiz(teacher: Actor, course_id: int, question_id: int, number: int) -> int:
    due_at = clock.now() + timedelta(days=7 if number % 2 else -7)
    details = Details(title=f'Quiz {number + 1}', kind=CheckpointKind.QUIZ, due_at=due_at)
    checkpoint_id = await database.write(checkpoints.add_one, teacher, course_id, details=details)
    await database.write(quiz_settings.set_items, teacher, checkpoint_id, [Fixed(question_id=question_id)])
    await database.write(quiz_settings.publish, teacher, checkpoint_id, published=True)
    return checkpoint_id


def _score(tx: Transaction, course_id: int, checkpoint_id: int, people: list[int], chance: random.Random) -> None:
    entries = [
        Entry(
            user_id=user_id,
            tap_id=f'bench:{uuid4().hex}',
            verb=Verb.GRADED,
            course_id=course_id,
            checkpoint_id=checkpoint_id,
            score=chance.randint(30, 100),
        )
        for user_id in people
        if chance.random() < TAKEN
    ]
    recording.record(tx, entries)


async def main() -> None:
    """Migrate, build, and print."""
    migrations.upgrade(settings().database_url)
    opened = database.open_at(settings().database_url, projections.ALL)
    try:
        built = await build(opened.engines.writing, quizzes=int(sys.argv[1]), learners=int(sys.argv[2]))
    finally:
        database.close()
    print(orjson.dumps(built).decode())


if __name__ == '__main__':
    asyncio.run(main())
