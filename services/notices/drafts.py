"""A notice before it is written: for whom, of what, and in which words."""

from dataclasses import dataclass
from datetime import datetime

from models import NoticeKind
from services.core.phrases import Phrase


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A notice for one person. `writing.write` decides whether that person gets it, and on which channels."""

    user_id: int
    kind: NoticeKind
    object_key: str
    """what it is about, such as `checkpoint:7`"""
    occurrence: str = ''
    """which time it is, where the same comes again"""
    course_id: int | None
    """None for what is about no course"""
    learner_id: int | None = None
    """the learner it is about, if that is somebody else"""
    title: Phrase
    body: Phrase | None = None
    address: str
    """the page to which it leads, from its first slash on"""
    happened_at: datetime
    useful_until: datetime | None = None
    """after which nobody needs to hear of it"""


def moment_key(moment: datetime) -> str:
    """Return a moment as an occurrence: the same for everything of one transaction."""
    return moment.isoformat(timespec='microseconds')
