"""The audience of an event: the channels on which it is published, and the channels to which each kind of page listens.

This is the only place that decides who may know of an event. What is published on no channel of a page never reaches
that page; what a page does with the events that it receives is its own affair.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NewType, Protocol

from models import Audience

Channel = NewType('Channel', str)


class Published(Protocol):
    """What can be published: an event, or what is derived from one."""

    @property
    def audience(self) -> Audience:
        """Who may know of it."""

    @property
    def course_id(self) -> int | None:
        """The course to which it belongs; None for what belongs to none, such as a sign-in."""

    @property
    def people(self) -> tuple[int, ...]:
        """The ids of the people whom it is about."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interest:
    """What a page or a program listens to: some channels, and the events of one course alone if it names one."""

    channels: frozenset[Channel]
    course_id: int | None = None

    def includes(self, event: Published) -> bool:
        """Tell whether an event reaches a page with this interest."""
        return self.course_id in (None, event.course_id) and not self.channels.isdisjoint(channels(event))


def of_staff(course_id: int) -> Interest:
    """Return what those who teach a course may know; the room of a class listens to the same."""
    return Interest(channels=frozenset({_everybody(course_id), _staff(course_id)}), course_id=course_id)


def of_learner(course_id: int, user_id: int) -> Interest:
    """Return what a learner of a course may know of it."""
    return Interest(channels=frozenset({_everybody(course_id), _person(user_id)}), course_id=course_id)


def of_person(user_id: int) -> Interest:
    """Return what a person may know because it is about them, in all courses and outside of them."""
    return Interest(channels=frozenset({_person(user_id)}))


def channels(event: Published) -> tuple[Channel, ...]:
    """Return the channels on which an event is published."""
    return _CHANNELS[event.audience](event)


def person_of(channel: Channel) -> int | None:
    """Return the id of the person whose channel it is; None for those of courses."""
    kind, _, number = channel.partition(':')
    return int(number) if kind == 'person' else None


def _everybody(course_id: int | None) -> Channel:
    return Channel(f'course:{course_id}')


def _staff(course_id: int | None) -> Channel:
    return Channel(f'course:{course_id}:staff')


def _person(user_id: int) -> Channel:
    return Channel(f'person:{user_id}')


def _people(event: Published) -> tuple[Channel, ...]:
    return tuple(map(_person, event.people))


_CHANNELS: dict[Audience, Callable[[Published], tuple[Channel, ...]]] = {
    Audience.COURSE: lambda event: (_everybody(event.course_id),),
    Audience.STAFF: lambda event: (_staff(event.course_id),),
    Audience.STAFF_AND_SELF: lambda event: (_staff(event.course_id), *_people(event)),
    Audience.SELF: _people,
}
