"""What each kind of screen is given of a board: the whole at first, then only what moved."""

from collections import Counter
from itertools import chain

from services.live import course_groups, pacing
from services.live.board.board import Board, Touched
from services.live.board.help_queue import STUCK
from services.live.board.learner import LIVE, MARK_OF, OWN, Learner
from services.live.board.public_stats import Figures, figures
from services.live.board.views import Change, ClassView, Headcount, Mark, Names, OwnView, Presence, Row
from services.live.presence import Presences


def class_view(board: Board, names: Names, presences: Presences, group: str = '') -> ClassView:
    """Return the grid for a screen that knows learners by `names`.

    The teacher's has everybody who is enrolled, or only one `group` with its own figures; the projector's only those
    who joined this class and let themselves be shown, and their order does not tell who came first.
    """
    shown = [learner for learner in board.learners.values() if _is_shown(learner, names, group)]
    if names is Names.ALIAS:
        shown.sort(key=lambda learner: learner.key)
    facts = _figures(board, names, group)
    return ClassView(
        columns=tuple(place.column for place in board.places),
        rows=tuple(_row(board, learner, names, presences) for learner in shown),
        shares=facts.shares,
        percent=facts.percent,
        headcount=headcount(board, names, presences, group),
        current=board.session.current_checkpoint_id if board.session and board.is_running else None,
    )


def change(
    board: Board, names: Names, touched: Touched, came_or_went: set[int], presences: Presences, group: str = ''
) -> Change:
    """Return what moved for a screen that knows learners by `names`, of everybody or of one `group`."""
    learners = board.learners
    facts = _figures(board, names, group)
    cells = [
        (learners[user_id], index)
        for user_id, index in sorted(touched.cells)
        if user_id not in touched.learners and _is_shown(learners[user_id], names, group)
    ]
    moved = {learner.user_id: learner for learner, _ in cells}
    new = [learners[user_id] for user_id in sorted(touched.learners) if _is_shown(learners[user_id], names, group)]
    present = [
        learners[user_id]
        for user_id in sorted(came_or_went - touched.learners)
        if user_id in learners
        and names is Names.TEACHER  # in public, presence is a number
        and _is_shown(learners[user_id], names, group)
    ]
    return Change(
        cells=tuple(
            (learner.key, board.places[index].column.checkpoint_id, _mark(learner.cells[index], names))
            for learner, index in cells
        ),
        percents=tuple((learner.key, board.percent_of(learner)) for learner in moved.values()),
        presence=tuple((learner.key, _presence(board, learner, names, presences)) for learner in present),
        rows=tuple(_row(board, learner, names, presences) for learner in new),
        shares=facts.shares,
        percent=facts.percent,
        headcount=headcount(board, names, presences, group),
    )


def headcount(board: Board, names: Names, presences: Presences, group: str = '') -> Headcount:
    """Count who is here; who is missing is of interest only while a class runs. The projector counts nobody hidden."""
    counts = presences.counts(len(board.learners))
    if group:
        its = Counter(presences.shown(learner.user_id) for learner in members(board, group))
        idle, lost, not_yet = its[Presence.IDLE], its[Presence.LOST], its[Presence.NOT_YET]
        counts = Headcount(here=its[Presence.WORKING] + idle, idle=idle, lost=lost, not_yet=not_yet)
    elif board.hidden and names is not Names.TEACHER:
        unseen = Counter(presences.shown(user_id) for user_id in board.hidden)
        counts = Headcount(
            here=counts.here - unseen[Presence.WORKING] - unseen[Presence.IDLE],
            idle=counts.idle - unseen[Presence.IDLE],
            lost=counts.lost - unseen[Presence.LOST],
            not_yet=counts.not_yet - unseen[Presence.NOT_YET],
        )
    return counts if board.is_running else Headcount(here=counts.here)


def groups(board: Board) -> tuple[str, ...]:
    """Return the names of the groups in which there is somebody."""
    return course_groups.in_order(learner.group for learner in board.learners.values())


def members(board: Board, group: str) -> list[Learner]:
    """Return the learners of a group; everybody for an empty name."""
    return [learner for learner in board.learners.values() if not group or learner.group == group]


def own_view(board: Board, user_id: int) -> OwnView:
    """Return what one learner's own page shows."""
    learner = board.learner(user_id)
    checkpoints = tuple(
        place.checkpoints[MARK_OF[bits]] for place, bits in zip(board.places, learner.cells, strict=True)
    )
    led_to = board.session.current_checkpoint_id if board.session and board.is_running else None
    return OwnView(
        version=version(board, user_id),
        title=board.title,
        session_id=board.session.session_id if board.session and board.is_running and not board.is_archived else None,
        is_archived=board.is_archived,
        has_ended=board.session is not None and not board.is_running,
        checkpoints=checkpoints,
        current=_current(learner, board.index_of(led_to)),
        led_to=led_to,
        percent=board.percent_of(learner),
        pause=pacing.pause_of(board),
        until=pacing.until(board, learner.extra_percent),
        has_extra_time=learner.extra_percent > 0,
    )


def version(board: Board, user_id: int) -> tuple[int, int]:
    """Return what tells two states of a learner's page apart without drawing it."""
    return board.steered, board.learner(user_id).version


def next_after(board: Board, user_id: int, checkpoint_id: int | None) -> int | None:
    """Return the checkpoint that a learner starts once this one is done; None if they have started it already."""
    cells = bytearray(board.learner(user_id).cells)
    if (index := board.index_of(checkpoint_id)) is not None:
        cells[index] = LIVE
    return _if_new(board, cells, _first_open(cells, start=index or 0))


def first_checkpoint(board: Board, user_id: int) -> int | None:
    """Return the checkpoint that a learner starts by joining; None if they have started it already."""
    learner = board.learner(user_id)
    led_to = board.session.current_checkpoint_id if board.session and board.is_running else None
    return _if_new(board, learner.cells, _current(learner, board.index_of(led_to)))


def _if_new(board: Board, cells: bytearray, index: int | None) -> int | None:
    is_new = index is not None and MARK_OF[cells[index]] is Mark.NOT_YET
    return board.places[index].column.checkpoint_id if is_new and index is not None else None


def current_checkpoint(board: Board, user_id: int) -> int | None:
    """Return the checkpoint that a learner is to do now."""
    led_to = board.session.current_checkpoint_id if board.session and board.is_running else None
    index = _current(board.learner(user_id), board.index_of(led_to))
    return None if index is None else board.places[index].column.checkpoint_id


def shares(board: Board) -> tuple[int, ...]:
    """Return the share of those who joined that is done, by column, in percent."""
    return tuple(100 * share // max(1, board.joined) for share in board.shares)


def _current(learner: Learner, led_to: int | None) -> int | None:
    if led_to is not None and not learner.cells[led_to] & (LIVE | OWN):
        return led_to
    return _first_open(learner.cells, start=led_to or 0)


def _first_open(cells: bytearray, start: int) -> int | None:
    """Return the first cell that is not done, from `start` on and then from the beginning."""
    for index in chain(range(start, len(cells)), range(start)):
        if not cells[index] & _DONE:
            return index
    return None


def _is_shown(learner: Learner, names: Names, group: str) -> bool:
    if names is Names.TEACHER:
        return not group or learner.group == group
    return learner.joined and not learner.is_hidden


def _figures(board: Board, names: Names, group: str) -> Figures:
    if names is Names.TEACHER and group:
        return _of_group(board, [learner for learner in members(board, group) if learner.joined])
    if names is Names.TEACHER:
        return Figures(shares=shares(board), percent=board.percent)
    return figures(board)


def _of_group(board: Board, joined: list[Learner]) -> Figures:
    done = [sum(bool(learner.cells[index] & (LIVE | OWN)) for learner in joined) for index in range(len(board.places))]
    all_ = max(1, len(joined))
    return Figures(
        shares=tuple(100 * each // all_ for each in done), percent=100 * sum(done) // max(1, all_ * len(board.places))
    )


def _mark(bits: int, names: Names) -> Mark:
    """Return the mark of a cell; who is stuck is shown to the instructor alone."""
    return MARK_OF[bits] if names is Names.TEACHER else MARK_OF[bits & ~STUCK]


_DONE = LIVE | OWN

# five hundred rows of thirty cells are translated as bytes, because a call for each cell takes ten times as long
_TEACHER_MARKS = bytes(MARK_OF[bits % len(MARK_OF)] for bits in range(256))
_PUBLIC_MARKS = bytes(MARK_OF[bits % len(MARK_OF) & ~STUCK] for bits in range(256))


def _row(board: Board, learner: Learner, names: Names, presences: Presences) -> Row:
    return Row(
        key=learner.key,
        name=learner.shown_as[names],
        marks=tuple(learner.cells.translate(_TEACHER_MARKS if names is Names.TEACHER else _PUBLIC_MARKS)),
        percent=board.percent_of(learner),
        presence=_presence(board, learner, names, presences),
        is_hidden=learner.is_hidden,
    )


def _presence(board: Board, learner: Learner, names: Names, presences: Presences) -> Presence:
    """Return what is shown beside a name: nothing of note once the class is over, and never anything in public."""
    is_shown = board.is_running and names is Names.TEACHER
    return presences.shown(learner.user_id) if is_shown else Presence.WORKING
