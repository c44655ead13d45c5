"""What sets the kinds of notices apart: what they are called, for whom they are, and how they usually go out."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from models import Channel, NoticeKind, Role
from services.core.phrases import Phrase, phrase

_LEARNERS = frozenset({Role.STUDENT})
_STAFF = frozenset({Role.INSTRUCTOR, Role.ADMIN})


@dataclass(frozen=True, slots=True, kw_only=True)
class Traits:
    """What is true of one kind of notice."""

    name: Phrase
    """as a person reads it where they choose"""
    roles: frozenset[Role]
    """who can get it at all"""
    usual: frozenset[Channel] = frozenset({Channel.IN_APP})
    """the channels that are on until the person chooses"""
    is_urgent: bool = False
    """somebody waits for it now: it keeps no quiet hours and is not collected"""


_ALSO_MAIL = frozenset({Channel.IN_APP, Channel.E_MAIL})

TRAITS: Mapping[NoticeKind, Traits] = MappingProxyType(
    {
        NoticeKind.MODULE_COMPLETED: Traits(name=phrase('A module is completed'), roles=_LEARNERS),
        NoticeKind.COURSE_COMPLETED: Traits(name=phrase('A course is completed'), roles=_LEARNERS),
        NoticeKind.MILESTONE: Traits(name=phrase('A milestone is reached'), roles=_LEARNERS),
        NoticeKind.CERTIFICATE: Traits(name=phrase('A certificate is ready'), roles=_LEARNERS, usual=_ALSO_MAIL),
        NoticeKind.GRADE: Traits(name=phrase('A grade or feedback'), roles=_LEARNERS, usual=_ALSO_MAIL),
        NoticeKind.HELP_ANSWERED: Traits(
            name=phrase('Your call for help is answered'), roles=_LEARNERS, is_urgent=True
        ),
        NoticeKind.HELP_ASKED: Traits(name=phrase('A learner asks for help'), roles=_STAFF, is_urgent=True),
        NoticeKind.DEADLINE: Traits(name=phrase('A deadline is near'), roles=_LEARNERS, usual=_ALSO_MAIL),
        NoticeKind.INACTIVITY: Traits(name=phrase('You have not been there for a while'), roles=_LEARNERS),
        NoticeKind.LAGGING: Traits(name=phrase('A learner falls behind or is silent'), roles=_STAFF),
        NoticeKind.ACHIEVEMENT: Traits(name=phrase('An achievement'), roles=_LEARNERS),
        NoticeKind.FILE_READY: Traits(name=phrase('A file is ready'), roles=_STAFF),
        NoticeKind.ADDRESS_REFUSED: Traits(name=phrase('Mails come back'), roles=_LEARNERS | _STAFF),
    }
)
"""of every kind"""


def of_role(role: Role) -> tuple[NoticeKind, ...]:
    """Return the kinds of which somebody with a role is notified, in the order in which they are shown."""
    return tuple(kind for kind, traits in TRAITS.items() if role in traits.roles)
