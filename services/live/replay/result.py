"""The result of a class that is over: how far it came, who finished, who asked for help, who was absent."""

from dataclasses import dataclass

from services import access
from services.access import Actor
from services.core.transaction import Transaction
from services.live.attendance import report
from services.live.board.help_queue import STUCK
from services.live.questions.past import PastQuestion
from services.live.replay import classes
from services.live.replay.classes import Held


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What an instructor wants to know right after a class."""

    groups: tuple[str, ...]
    """of the course"""
    held: Held
    shares: tuple[tuple[str, int | None], ...]
    """the checkpoints, each with the percent of those who came that are done with it"""
    finished: tuple[str, ...]
    asked: tuple[str, ...]
    absent: tuple[str, ...]
    questions: tuple[PastQuestion, ...] = ()
    """that were asked in the class"""


def of_class(tx: Transaction, actor: Actor | None, course_id: int, session_id: int, *, group: str = '') -> Result:
    """Return the result of a class that is over: of everybody, or of one group."""
    course = access.taught_course(tx, actor, course_id)
    replay = classes.again(tx, course, session_id, group=group)
    roll = report.roll(tx, course, session_id, group=group)
    end = replay.at(replay.held.seconds)
    asked = {move.user_id for move in replay.moves if move.index is not None and move.bits & STUCK}
    return Result(
        groups=replay.groups,
        held=replay.held,
        shares=tuple(
            (f'{column.number}  {column.title}', share) for column, share in zip(end.columns, end.shares, strict=True)
        ),
        finished=tuple(row.name for row in end.rows if row.percent == 100),
        asked=tuple(name for user_id, name in replay.names.items() if user_id in asked),
        absent=tuple(each.name for each in roll.absent),
        questions=replay.questions,
    )
