"""One row of the board: a learner with their cells."""

from dataclasses import dataclass

from models import Mode, Verb
from services.core.events import ClassChanged, Recorded
from services.live.board.aliases import row_key
from services.live.board.help_queue import STUCK
from services.live.board.views import Mark, Names

STARTED, LIVE, OWN = 1, 2, 4
"""What is known of a cell, as bits: started, done in class, done self-paced; and `STUCK`."""

MARK_OF = tuple(
    Mark.DONE if bits & LIVE else Mark.DONE_BEFORE if bits & OWN else Mark.WORKING if bits & STARTED else Mark.NOT_YET
    for bits in range(8)
)
MARK_OF += (Mark.STUCK,) * STUCK


DONE_IN = {Mode.LIVE: LIVE, Mode.SELF_PACED: OWN}
"""what is known of a cell that was done, by the mode"""


@dataclass(slots=True, kw_only=True)
class Learner:
    """One row of the board."""

    user_id: int
    name: str
    cells: bytearray
    done: int = 0
    joined: bool = False
    place: int = 0
    """1-based order of joining this class"""
    is_hidden: bool = False
    """whether they chose not to be shown on the projector"""
    extra_percent: int = 0
    """how much more time they have than others"""
    group: str = ''
    """the name of their group; empty where they are in none"""
    seat: str = ''
    """where they sit; empty where nobody has said so"""
    key: str = ''
    version: int = 0
    """moves with every change of this row"""
    shown_as: dict[Names, str]


def full_names(name: str) -> dict[Names, str]:
    """Return what screens with whole names show."""
    return {Names.TEACHER: name, Names.FULL: name}


def new_learner(user_id: int, name: str, places: int, session: ClassChanged | None) -> Learner:
    """Return an empty row."""
    return Learner(
        user_id=user_id,
        name=name,
        cells=bytearray(places),
        key=row_key(session.session_id if session else 0, user_id),
        shown_as=full_names(name),
    )


def bits_after(bits: int, activity: Recorded) -> int:
    """Return what is known of a cell after an activity that is about it."""
    match activity.verb, activity.mode:
        case Verb.STARTED, _:
            return bits | STARTED
        case Verb.COMPLETED, Mode():
            return bits | STARTED | DONE_IN[activity.mode]
        case Verb.UNDONE, Mode():
            return bits & ~DONE_IN[activity.mode]
    return bits
