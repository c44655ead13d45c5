"""A course on which random things happen, while a board follows it by events alone."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from uuid import uuid4

from models import LiveQuestionState, Mode, NameDisplay, Verb
from services.access import Actor
from services.activity import recording, taps
from services.activity.log import Entry
from services.activity.taps import Tap
from services.core import audience, database, hub
from services.core.errors import DomainError
from services.courses import catalog, checkpoints, modules
from services.courses.checkpoints import Details
from services.live import own_alias, sessions
from services.live.board import loading as boards
from services.live.board.board import Board
from services.live.help import queue
from services.live.questions import answering, asking
from services.live.questions.answering import Given
from services.people import custom_fields, groups, joining, participants
from services.progress import counters, enrollments
from services.quizzes.answer import Answer
from tests.factories.classes import CourseAtHand, a_course
from tests.factories.quizzes import FINEST, HOW_ACID, NAME_IT

Command = tuple[str, int, int]
"""What happens, and two numbers that choose to whom and where."""


@dataclass(slots=True, kw_only=True)
class Lesson:
    """The course, and the board that was loaded at its beginning."""

    course: CourseAtHand
    board: Board
    learners: list[Actor] = field(default_factory=list)
    checkpoints: list[int]
    modules: list[int]
    session_id: int = 0
    needs_reload: bool = False

    def follow(self, events: object) -> None:
        self.needs_reload |= self.board.apply(events).reload  # type: ignore[arg-type]

    async def do(self, command: Command) -> None:
        """Let one thing happen; what is refused has not happened."""
        what, who, where = command
        with suppress(DomainError):
            await HAPPENINGS[what](self, who, where)
        if self.needs_reload:
            self.board = await database.read(boards.load, self.course.course_id)
            self.needs_reload = False

    def someone(self, number: int) -> Actor | None:
        return self.learners[number % len(self.learners)] if self.learners else None

    def checkpoint(self, number: int) -> int:
        return self.checkpoints[number % len(self.checkpoints)]

    def module(self, number: int) -> int:
        return self.modules[number % len(self.modules)]

    def someone_or_teacher(self, number: int) -> Actor | None:
        return self.course.teacher if number % 2 else self.someone(number // 2)

    def request(self, number: int) -> int:
        """The id of an open request, if there is one."""
        requests = sorted(request.id for request in self.board.help.requests.values())
        return requests[number % len(requests)] if requests else 0

    async def tap(self, verb: Verb, who: int, checkpoint: int | None, then: int | None = None) -> None:
        await taps.take(
            Tap(
                actor=self.someone(who),
                session_id=self.session_id,
                verb=verb,
                tap_id=uuid4().hex,
                checkpoint_id=checkpoint,
                then=then,
            )
        )


async def a_lesson() -> tuple[Lesson, Callable[[], None]]:
    """A fresh course with a board that follows it; and the way to stop following."""
    course = await a_course(checkpoints=2)
    board = await database.read(boards.load, course.course_id)
    lesson = Lesson(course=course, board=board, checkpoints=list(course.checkpoints), modules=[course.module_id])
    return lesson, hub.watch(audience.of_staff(course.course_id), lesson.follow)


async def _join(lesson: Lesson, who: int, where: int) -> None:
    name = ('Lena Low', 'Lena Lang', 'Otto', 'מרים כהן', 'Ông Nguyễn')[who % 5] + (f' {where}' if where > 2 else '')
    joined = await database.write(joining.join_as_guest, code=lesson.course.code, name=name, device='Phone')
    assert joined.entered
    lesson.learners.append(joined.entered.actor)


async def _come(lesson: Lesson, who: int, where: int) -> None:
    await lesson.tap(Verb.JOINED, who, None, then=lesson.checkpoint(where))


async def _leave(lesson: Lesson, who: int, _where: int) -> None:
    await lesson.tap(Verb.LEFT, who, None)


async def _complete(lesson: Lesson, who: int, where: int) -> None:
    await lesson.tap(Verb.COMPLETED, who, lesson.checkpoint(where), then=lesson.checkpoint(where + 1))


async def _undo(lesson: Lesson, who: int, where: int) -> None:
    await lesson.tap(Verb.UNDONE, who, lesson.checkpoint(where))


async def _burst(lesson: Lesson, who: int, where: int) -> None:
    outcomes = await asyncio.gather(
        _come(lesson, who, where),
        _complete(lesson, who, where),
        _complete(lesson, who + 1, where),
        _undo(lesson, who, where),
        _complete(lesson, who, where + 1),
        return_exceptions=True,
    )
    assert all(outcome is None or isinstance(outcome, DomainError) for outcome in outcomes), outcomes


async def _study(lesson: Lesson, who: int, where: int) -> None:
    if learner := lesson.someone(who):
        entry = Entry(
            user_id=learner.user_id,
            tap_id=uuid4().hex,
            verb=Verb.UNDONE if (who + where) % 3 == 0 else Verb.COMPLETED,
            course_id=lesson.course.course_id,
            checkpoint_id=lesson.checkpoint(where),
            mode=Mode.SELF_PACED,
        )
        await database.write(recording.record, [entry])


async def _ask(lesson: Lesson, who: int, where: int) -> None:
    actor = lesson.someone(who)
    await database.write(queue.ask, actor, lesson.session_id, lesson.checkpoint(where), 'help' * (who % 2))


async def _claim(lesson: Lesson, who: int, where: int) -> None:
    await database.write(queue.claim, lesson.someone_or_teacher(who), lesson.request(where))


async def _release(lesson: Lesson, who: int, where: int) -> None:
    await database.write(queue.release, lesson.someone_or_teacher(who), lesson.request(where))


async def _resolve(lesson: Lesson, who: int, where: int) -> None:
    await database.write(queue.resolve, lesson.someone_or_teacher(who), lesson.request(where))


async def _withdraw(lesson: Lesson, who: int, where: int) -> None:
    await database.write(queue.withdraw, lesson.someone(who), lesson.request(where))


async def _let_classmates_help(lesson: Lesson, who: int, _where: int) -> None:
    allowed = who % 3 > 0
    await database.write(catalog.let_classmates_help, lesson.course.teacher, lesson.course.course_id, allowed=allowed)


async def _start(lesson: Lesson, _who: int, _where: int) -> None:
    lesson.session_id = await database.write(sessions.start, lesson.course.teacher, lesson.course.course_id)


async def _end(lesson: Lesson, _who: int, _where: int) -> None:
    await database.write(sessions.end, lesson.course.teacher, lesson.course.course_id)


async def _next_class(lesson: Lesson, who: int, where: int) -> None:
    await _end(lesson, who, where)
    await _start(lesson, who, where)


async def _steer(lesson: Lesson, who: int, where: int) -> None:
    to = lesson.checkpoint(where) if who % 3 else None
    await database.write(sessions.set_current, lesson.course.teacher, lesson.course.course_id, to)


async def _pause_or_go_on(lesson: Lesson, who: int, where: int) -> None:
    if who % 2:
        await database.write(sessions.pause, lesson.course.teacher, lesson.course.course_id, f'Reason {where}')
    else:
        await database.write(sessions.resume, lesson.course.teacher, lesson.course.course_id)


async def _choose_names(lesson: Lesson, who: int, _where: int) -> None:
    names = list(NameDisplay)[who % len(NameDisplay)]
    await database.write(sessions.set_names, lesson.course.teacher, lesson.course.course_id, names)


async def _hide(lesson: Lesson, who: int, where: int) -> None:
    await database.write(enrollments.hide, lesson.someone(who), lesson.course.course_id, where % 3 > 0)


async def _swap_alias(lesson: Lesson, who: int, _where: int) -> None:
    await database.write(own_alias.swap, lesson.someone(who), lesson.course.course_id, tap_id=uuid4().hex)


async def _remove(lesson: Lesson, who: int, _where: int) -> None:
    if learner := lesson.someone(who):
        course = lesson.course
        await database.write(participants.remove, course.teacher, course.course_id, user_id=learner.user_id)


async def _bring_back(lesson: Lesson, who: int, _where: int) -> None:
    if learner := lesson.someone(who):
        course = lesson.course
        await database.write(participants.bring_back, course.teacher, course.course_id, user_id=learner.user_id)


async def _group(lesson: Lesson, who: int, where: int) -> None:
    if learner := lesson.someone(who):
        course, name = lesson.course, f'Group {where}' if where else ''
        await database.write(groups.put, course.teacher, course.course_id, user_id=learner.user_id, name=name)


async def _note(lesson: Lesson, who: int, where: int) -> None:
    if learner := lesson.someone(who):
        course, fields = lesson.course, [('Desk', str(where))]
        await database.write(
            custom_fields.fill, course.teacher, course.course_id, user_id=learner.user_id, fields=fields
        )


async def _give_extra_time(lesson: Lesson, who: int, where: int) -> None:
    if learner := lesson.someone(who):
        course = lesson.course
        await database.write(
            groups.give_extra_time, course.teacher, course.course_id, user_id=learner.user_id, percent=25 * where
        )


async def _ask_class(lesson: Lesson, who: int, _where: int) -> None:
    course, question = lesson.course, (FINEST, HOW_ACID, NAME_IT)[who % 3]
    await database.write(asking.ask_new, course.teacher, course.course_id, question)


async def _answer(lesson: Lesson, who: int, where: int) -> None:
    if asked := lesson.board.question:
        text = '' if asked.content.options else str(where)
        answer = Answer(chosen=() if text or where > 2 else (where,), text=text)
        given = Given(
            actor=lesson.someone(who), live_question_id=asked.live_question_id, tap_id=uuid4().hex, answer=answer
        )
        await answering.save(given)


async def _move_question(lesson: Lesson, who: int, where: int) -> None:
    if asked := lesson.board.question:
        if where == 5:
            await database.write(asking.put_away, lesson.course.teacher, asked.live_question_id)
        else:
            state = list(LiveQuestionState)[who % 4]
            await database.write(asking.move, lesson.course.teacher, asked.live_question_id, state)


async def _recalculate(lesson: Lesson, _who: int, _where: int) -> None:
    repair = await counters.recalculate(lesson.course.teacher, lesson.course.course_id)
    assert repair.changed == 0, 'there was something to repair'


async def _edit(lesson: Lesson, who: int, where: int) -> None:
    details = Details(title=f'Edited {who}', is_preview=who % 2 == 0)
    await database.write(checkpoints.edit, lesson.course.teacher, lesson.checkpoint(where), details)


async def _add(lesson: Lesson, who: int, where: int) -> None:
    lines = '\n'.join(f'New {number} ({number + 1} min)' for number in range(1 + who % 2))
    lesson.checkpoints += await database.write(
        checkpoints.add, lesson.course.teacher, lesson.module(where), lines=lines
    )


async def _delete(lesson: Lesson, _who: int, where: int) -> None:
    await database.write(checkpoints.delete, lesson.course.teacher, lesson.checkpoint(where))


async def _restore(lesson: Lesson, _who: int, where: int) -> None:
    await database.write(checkpoints.restore, lesson.course.teacher, lesson.checkpoint(where))


async def _move(lesson: Lesson, who: int, where: int) -> None:
    teacher, module_id = lesson.course.teacher, lesson.module(who)
    await database.write(checkpoints.move, teacher, lesson.checkpoint(where), module_id=module_id, index=who)


async def _add_module(lesson: Lesson, _who: int, _where: int) -> None:
    course = lesson.course
    lesson.modules.append(await database.write(modules.add, course.teacher, course.course_id, title='More'))


async def _move_module(lesson: Lesson, who: int, where: int) -> None:
    await database.write(modules.move, lesson.course.teacher, lesson.module(where), index=who)


async def _delete_module(lesson: Lesson, _who: int, where: int) -> None:
    await database.write(modules.delete, lesson.course.teacher, lesson.module(where))


async def _restore_module(lesson: Lesson, _who: int, where: int) -> None:
    await database.write(modules.restore, lesson.course.teacher, lesson.module(where))


async def _retitle(lesson: Lesson, who: int, _where: int) -> None:
    course = lesson.course
    await database.write(
        catalog.edit, course.teacher, course.course_id, title=f'Soil {who}', description='', subject=''
    )


HAPPENINGS: dict[str, Callable[[Lesson, int, int], Awaitable[None]]] = {
    'join': _join,
    'come': _come,
    'leave': _leave,
    'complete': _complete,
    'undo': _undo,
    'burst': _burst,
    'study': _study,
    'ask': _ask,
    'claim': _claim,
    'release': _release,
    'resolve': _resolve,
    'withdraw': _withdraw,
    'let classmates help': _let_classmates_help,
    'start': _start,
    'end': _end,
    'next class': _next_class,
    'steer': _steer,
    'pause or go on': _pause_or_go_on,
    'choose names': _choose_names,
    'hide': _hide,
    'swap alias': _swap_alias,
    'remove': _remove,
    'bring back': _bring_back,
    'ask the class': _ask_class,
    'answer': _answer,
    'move the question': _move_question,
    'recalculate': _recalculate,
    'put in a group': _group,
    'note a field': _note,
    'give extra time': _give_extra_time,
    'add': _add,
    'edit': _edit,
    'delete': _delete,
    'restore': _restore,
    'move': _move,
    'add module': _add_module,
    'move module': _move_module,
    'delete module': _delete_module,
    'restore module': _restore_module,
    'retitle': _retitle,
}
