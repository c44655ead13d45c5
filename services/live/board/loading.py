"""The board as the database has it: loaded once, for a course that somebody watches; see `board`."""

from sqlalchemy import bindparam, case, func, select
from sqlmodel import col

from models import Activity, Checkpoint, Course, CourseGroup, Enrollment, Progress, User, Verb, table
from services.core.errors import NotFound
from services.core.sql.in_list import among
from services.core.sql.prepared import Prepared
from services.core.transaction import Transaction
from services.courses import outline
from services.live import sessions
from services.live.board import help_queue
from services.live.board.board import Board, Place, nothing_taken
from services.live.board.learner import DONE_IN, LIVE, OWN, STARTED, new_learner
from services.live.board.views import Column, LearnerCheckpoint, Mark
from services.live.questions import standing

LOADED_AT_ONCE = 50
"""learners; all rows of a big course in memory at once would give the garbage collector work that everybody notices"""


def load(tx: Transaction, course_id: int) -> Board:
    """Return the board of a course as the database has it now."""
    course = tx.session.get(Course, course_id)
    if course is None or course.deleted_at:
        raise NotFound('There is no such course, or it is not one of yours.')
    version = tx.execute(select(func.max(col(Activity.id))).where(col(Activity.course_id) == course_id)).scalar()
    counted = [checkpoint for checkpoint in outline.in_order(tx, course_id) if not checkpoint.is_preview]
    board = Board(
        course_id=course_id,
        title=course.title,
        code=course.code,
        code_open=course.code_open,
        is_archived=course.archived_at is not None,
        places=tuple(_place(number, checkpoint) for number, checkpoint in enumerate(counted, start=1)),
        session=sessions.latest(tx, course_id),
        learners={},
        version=version or 0,
        shares=[0] * len(counted),
        shown_shares=[0] * len(counted),
        joined=0,
        taken=nothing_taken(),
        classmates_help=course.classmates_help,
    )
    _load_learners(tx, board)
    if board.session and board.is_running:
        board.question = standing.load(tx, board.session.session_id)
    board.help = help_queue.load(tx, course_id, board.learners)
    for request in board.help.requests.values():
        index = board.index_of(request.checkpoint_id)
        if index is not None:
            board.mark_stuck(request.user_id, index, stuck=True)
    return board


def _place(number: int, checkpoint: Checkpoint) -> Place:
    return Place(
        column=Column(checkpoint_id=checkpoint.id, number=number, title=checkpoint.title),
        checkpoints=tuple(
            LearnerCheckpoint(
                checkpoint_id=checkpoint.id,
                number=number,
                title=checkpoint.title,
                description=checkpoint.description,
                kind=checkpoint.kind,
                minutes=checkpoint.estimated_minutes,
                mark=mark,
            )
            for mark in Mark
        ),
    )


def _load_learners(tx: Transaction, board: Board) -> None:
    of_learner = col(Enrollment.is_hidden), col(Enrollment.extra_percent), col(Enrollment.seat), col(CourseGroup.name)
    people = (
        select(col(User.id), col(User.name), *of_learner)
        .join(Enrollment, col(Enrollment.user_id) == col(User.id))
        .outerjoin(CourseGroup, col(CourseGroup.id) == col(Enrollment.group_id))
    )
    of_course = col(Enrollment.course_id) == board.course_id, col(Enrollment.removed_at).is_(None)
    for user_id, name, is_hidden, extra, seat, group in tx.execute(
        people.where(*of_course).order_by(col(Enrollment.id))
    ):
        learner = board.learners[user_id] = new_learner(user_id, name, len(board.places), board.session)
        learner.extra_percent, learner.seat, learner.group = extra, seat, group or ''
        if is_hidden:
            learner.is_hidden = True
            board.hidden.add(user_id)
    everybody = list(board.learners)
    for start in range(0, len(everybody), LOADED_AT_ONCE):
        _load_cells(tx, board, everybody[start : start + LOADED_AT_ONCE])
    for learner in board.learners.values():
        learner.done = sum(bool(bits & (LIVE | OWN)) for bits in learner.cells)
    if board.session:
        _load_joined(tx, board, board.session.session_id)


def _load_joined(tx: Transaction, board: Board, session_id: int) -> None:
    """Let those who came take part, and have the aliases that they chose, in the order in which it happened."""
    verbs = col(Activity.verb).in_([Verb.JOINED, Verb.ALIAS_SWAPPED])
    who = select(func.coalesce(col(User.merged_into_id), col(User.id)), col(Activity.verb)).join(
        Activity, col(Activity.user_id) == User.id
    )
    for user_id, verb in tx.execute(
        who.where(col(Activity.session_id) == session_id, verbs).order_by(col(Activity.id))
    ):
        if (learner := board.learners.get(user_id)) is None:
            continue
        if verb is Verb.JOINED and not learner.joined:
            board.join(learner)
        elif verb is Verb.ALIAS_SWAPPED and learner.joined:
            board.swap_alias(learner)


def _load_cells(tx: Transaction, board: Board, users: list[int]) -> None:
    columns = {place.column.checkpoint_id: index for index, place in enumerate(board.places)}
    for user_id, checkpoint_id, mode, is_done in _PROGRESS.rows(tx.connection, course=board.course_id, users=users):
        if checkpoint_id in columns:
            board.learners[user_id].cells[columns[checkpoint_id]] |= STARTED | (DONE_IN[mode] if is_done else 0)


_progress = table(Progress)
_PROGRESS = Prepared(
    select(
        _progress.c.user_id,
        _progress.c.checkpoint_id,
        _progress.c.mode,
        case((_progress.c.completed_at.is_not(None), 1), else_=0),
    ).where(_progress.c.course_id == bindparam('course'), among(_progress.c.user_id, 'users'))
)
