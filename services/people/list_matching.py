"""Who of a class list is who of a course: by what identifies them, then by a name that only one can have.

Pure: people come in as values, and nothing is read or written. Where two answers are possible, the teacher is asked.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Somebody on a list."""

    line: int
    plain: str
    email: str = ''
    number: str = ''


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Somebody who is in the course, or has an account."""

    user_id: int
    plain: str
    emails: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    owns: str = ''
    """the address of their account, which nobody else can have"""
    is_here: bool = True
    """False for those who were taken out, or have never been in the course"""


@dataclass(slots=True)
class Matches:
    """What was found: `same` by line, and by line those of whom one has to be chosen."""

    same: dict[int, int] = field(default_factory=dict)
    open: dict[int, tuple[int, ...]] = field(default_factory=dict)


def match(listed: Sequence[Listed], known: Sequence[Known]) -> Matches:
    """Return who of a list is who; who is in neither part of the answer is new."""
    found = Matches()
    people, there = list(listed), list(known)

    def pair(of_listed: Callable[[Listed], Hashable], of_known: Callable[[Known], Iterable[Hashable]]) -> None:
        by_key = _by_key(there, of_known)
        lines = _by_key(people, lambda person: [of_listed(person)])
        for key, same in lines.items():
            candidates = by_key.get(key, [])
            if key and len(same) == 1 and len(candidates) == 1 and candidates[0] in there:
                found.same[same[0].line] = candidates[0].user_id
                people.remove(same[0])
                there.remove(candidates[0])

    pair(lambda person: person.number and (person.number, person.plain), _with_name(lambda known: known.numbers))
    pair(lambda person: person.email and (person.email, person.plain), _with_name(lambda known: known.emails))
    pair(lambda person: person.number, lambda known: known.numbers)
    _by_account(people, there, listed, found)
    _by_name(people, there, found)
    _by_shared_address(people, there, found)
    return found


def _with_name(of: Callable[[Known], Iterable[str]]) -> Callable[[Known], Iterable[Hashable]]:
    return lambda known: [(key, known.plain) for key in of(known)]


def _by_key(items: Sequence, keys: Callable) -> dict:  # type: ignore[type-arg]
    found = defaultdict(list)
    for item in items:
        for key in keys(item):
            found[key].append(item)
    return dict(found)


def _by_account(people: list[Listed], there: list[Known], listed: Sequence[Listed], found: Matches) -> None:
    """An account has one address: the only line with it is its owner, even under another name."""
    alone = {email: lines for email, lines in _by_key(listed, lambda person: [person.email]).items() if len(lines) == 1}
    for known in list(there):
        lines = alone.get(known.owns, []) if known.owns else []
        if lines and lines[0] in people and not _differ(lines[0].number, known.numbers):
            found.same[lines[0].line] = known.user_id
            people.remove(lines[0])
            there.remove(known)


def _by_name(people: list[Listed], there: list[Known], found: Matches) -> None:
    """A name is enough if one on each side has it, and nothing tells them apart; else it is asked."""
    names = _by_key(there, lambda known: [known.plain])
    for plain, lines in _by_key(people, lambda person: [person.plain]).items():
        namesakes = names.get(plain, [])
        here = [known for known in namesakes if known.is_here] or namesakes
        if len(lines) == len(here) == 1 and not contradict(lines[0], here[0]):
            found.same[lines[0].line] = here[0].user_id
            there.remove(here[0])
            people.remove(lines[0])
        elif namesakes:
            for person in lines:
                found.open[person.line] = tuple(known.user_id for known in namesakes)
                people.remove(person)


def _by_shared_address(people: list[Listed], there: list[Known], found: Matches) -> None:
    """Somebody with a known address and another name: a sister, or the same person renamed. It is asked."""
    by_email = _by_key(there, lambda known: known.emails)
    for person in list(people):
        candidates = by_email.get(person.email, []) if person.email else []
        if candidates:
            found.open[person.line] = tuple(known.user_id for known in candidates)
            people.remove(person)


def contradict(person: Listed, known: Known) -> bool:
    """Tell whether a line and somebody have the same thing, and it differs."""
    return _differ(person.number, known.numbers) or _differ(person.email, known.emails)


def _differ(said: str, noted: frozenset[str]) -> bool:
    return bool(said) and bool(noted) and said not in noted
