"""Measures quizzes in the services alone: `python -m bench.quiz_child <learners> <questions>`.

It runs on the database of the settings, in a process of its own; its last line is JSON: figures by name, in seconds.
"""

import asyncio
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from uuid import uuid4

import orjson

import migrations
from bench import as_served
from bench.build_school import instructor
from bench.crowd import gather
from bench.figures import percentile
from models import Change
from services import projections
from services.access import Actor
from services.core import clock, database, server_log
from services.courses import catalog, checkpoints, outline
from services.courses.checkpoints import Details
from services.enums import CheckpointKind
from services.quizzes import answering, attempts, bank, closing, question_results, quiz_settings, regrading
from services.quizzes.answer import Answer
from services.quizzes.answering import Given
from services.quizzes.formats import reading
from services.quizzes.limits import GRACE
from services.quizzes.question import WHOLE, Option, Question, QuestionKind
from services.quizzes.quiz_settings import Fixed, Rules
from settings import settings

RATE, SECONDS = 200, 5.0
OPENINGS = 50
IMPORTED = 1_000
SKILLS = 5


class Exam:
    """A quiz, and the attempts of everybody at it."""

    def __init__(self, teacher: Actor, learners: tuple[Actor, ...], checkpoint_id: int, questions: list[int]) -> None:
        self.teacher = teacher
        self.learners = learners
        self.checkpoint_id = checkpoint_id
        self.questions = questions
        self.papers: dict[int, int] = {}

    async def begin(self) -> None:
        """Let everybody begin."""
        for index, who in enumerate(self.learners):
            self.papers[index] = await database.write(attempts.start, who, self.checkpoint_id, tap_id=uuid4().hex)

    async def answer(self, index: int, position: int) -> float:
        """Let one learner answer one question; returns the seconds until the receipt."""
        began = time.perf_counter()
        given = Given(
            actor=self.learners[index],
            attempt_id=self.papers[index],
            position=position,
            tap_id=uuid4().hex,
            answer=Answer(chosen=((index + position) % 4 and 1,)),
            seconds=10,
        )
        await answering.save(given)
        return time.perf_counter() - began


async def measure(learners: int, questions: int) -> dict[str, float]:
    """Build the quiz and measure everything on it."""
    exam = await build(learners, questions)
    await exam.begin()
    as_served.tune()
    found = await _answers(exam)
    found |= await _opening(exam)
    await _answer_the_rest(exam, questions)
    found |= await _expiry(exam)
    began = time.perf_counter()
    analysis = await database.read(question_results.analysis, exam.teacher, exam.checkpoint_id)
    found['analysis'] = time.perf_counter() - began
    assert analysis.attempts == learners, analysis.attempts
    found |= await _regrade(exam)
    return found | _import()


async def _answers(exam: Exam) -> dict[str, float]:
    """Let learners answer at a steady rate."""
    waits: list[asyncio.Task[float]] = []
    began, cpu = time.perf_counter(), time.process_time()
    for number in range(round(RATE * SECONDS)):
        index = number % len(exam.learners)
        waits.append(asyncio.create_task(exam.answer(index, number // len(exam.learners))))
        await asyncio.sleep(max(0.0, began + (number + 1) / RATE - time.perf_counter()))
    receipts = await asyncio.gather(*waits)
    per_answer = (time.process_time() - cpu) / len(receipts)
    return {'receipt p50': percentile(receipts, 50), 'receipt p99': percentile(receipts, 99), 'answer cpu': per_answer}


async def _opening(exam: Exam) -> dict[str, float]:
    cpu = time.process_time()
    for index in range(OPENINGS):
        await database.read(attempts.paper, exam.learners[index], exam.papers[index])
    return {'opening': (time.process_time() - cpu) / OPENINGS}


async def _answer_the_rest(exam: Exam, questions: int) -> None:
    for position in range(1, questions):
        await asyncio.gather(*(exam.answer(index, position) for index in exam.papers))


async def _expiry(exam: Exam) -> dict[str, float]:
    """Let the time of all attempts be up in the same second, while others answer in another quiz."""
    other = await _another(exam)
    now = clock.now

    def later() -> object:
        return now() + timedelta(minutes=60) + GRACE

    clock.now = later  # type: ignore[assignment]  # the one clock of this process
    waits, took = await _meanwhile(other, closing.close_all)
    clock.now = now
    return {'expiry': took, 'expiry wait': max(waits, default=0.0)}


async def _regrade(exam: Exam) -> dict[str, float]:
    content = (await database.read(bank.one, exam.teacher, exam.questions[0])).content
    options = (replace(content.options[0], credit=0), replace(content.options[1], credit=WHOLE), *content.options[2:])
    await database.write(
        regrading.edit,
        exam.teacher,
        exam.questions[0],
        replace(content, options=options),
        change=Change.REGRADE,
        keeps_better=False,
    )
    other = await _another(exam)
    waits, took = await _meanwhile(other, regrading.regrade_all)
    return {'regrade': took, 'regrade wait': max(waits, default=0.0)}


async def _meanwhile(other: Exam, work: Callable[[], Awaitable[None]]) -> tuple[list[float], float]:
    """Do something while learners of another quiz answer; returns how long each waited, and how long it took."""
    waits: list[float] = []
    done = asyncio.Event()

    async def go_on() -> None:
        number = 0
        while not done.is_set():
            waits.append(await other.answer(number % len(other.papers), 0))
            number += 1
            await asyncio.sleep(0.005)

    going_on = asyncio.create_task(go_on())
    began = time.perf_counter()
    await work()
    took = time.perf_counter() - began
    done.set()
    await going_on
    return waits, took


async def _another(exam: Exam) -> Exam:
    course_id = (await database.read(bank.one, exam.teacher, exam.questions[0])).course_id
    checkpoint_id = await _quiz(exam.teacher, course_id, exam.questions[:3], Rules())
    other = Exam(exam.teacher, exam.learners[:20], checkpoint_id, exam.questions[:3])
    await other.begin()
    return other


def _import() -> dict[str, float]:
    """Read a file of a thousand questions, as teachers write them by hand."""
    lines = (f'::Q{n}:: What is {n} + {n}? {{={2 * n} ~{n} ~{3 * n}}}\n' for n in range(1, IMPORTED + 1))
    content = '\n'.join(lines).encode()
    began = time.perf_counter()
    read = reading.read('questions.gift', content)
    took = time.perf_counter() - began
    assert len(read.questions) == IMPORTED, read
    return {'import': took}


async def build(learners: int, questions: int) -> Exam:
    """Open the database of the settings, with a quiz that so many learners can take."""
    url = settings().database_url
    migrations.upgrade(url)
    opened = database.open_at(url, projections.ALL)
    teacher = (await instructor()).actor
    course_id = await database.write(catalog.create, teacher, title='An exam for many')
    (section,) = await database.read(outline.sections, teacher, course_id)
    await database.write(checkpoints.add, teacher, section.module_id, lines='Read')
    asked = [_question(number) for number in range(questions)]
    ids = await database.write(bank.add_many, teacher, course_id, asked)
    checkpoint_id = await _quiz(teacher, course_id, ids, Rules(minutes=60))
    crowd = await asyncio.to_thread(gather, opened.engines.writing, course_id=course_id, learners=learners)
    return Exam(teacher, crowd.learners, checkpoint_id, ids)


async def _quiz(teacher: Actor, course_id: int, ids: list[int], rules: Rules) -> int:
    details = Details(title='Exam', kind=CheckpointKind.QUIZ)
    checkpoint_id = await database.write(checkpoints.add_one, teacher, course_id, details=details)
    await database.write(quiz_settings.set_rules, teacher, checkpoint_id, rules)
    items = [Fixed(question_id=each) for each in ids]
    await database.write(quiz_settings.set_items, teacher, checkpoint_id, items)
    await database.write(quiz_settings.publish, teacher, checkpoint_id, published=True)
    return checkpoint_id


def _question(number: int) -> Question:
    options = [Option(text=f'Answer {place} of {number}', credit=WHOLE if place == 0 else 0) for place in range(4)]
    return Question(
        kind=QuestionKind.SINGLE_CHOICE,
        text=f'Question {number}?',
        points=Decimal(1),
        tags=(f'skill {number % SKILLS}',),
        options=tuple(options),
    )


async def main() -> None:
    """Measure, and print."""
    server_log.set_up()
    try:
        found = await measure(learners=int(sys.argv[1]), questions=int(sys.argv[2]))
    finally:
        database.close()
    print(orjson.dumps(found).decode())


if __name__ == '__main__':
    asyncio.run(main())
