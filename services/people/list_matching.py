"""Who of a class list is who of a course: by what identifies them, then by a name that only one can have.

Pure: people come in as values, and nothing is read or written. Where two answers are possible, the teacher is asked.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

Item = TypeVar('Item')


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """One line of a list."""

    line: int
    plain: str
    email: str = ''
    number: str = ''


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A person who is in the course, or has an account."""

    user_id: int
    plain: str
    emails: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    owns: str = ''
    """the confirmed address of their account, which nobody else can have"""
    claims: str = ''
    """an address that they say is theirs; nothing is decided by it, but the teacher is asked"""
    is_found_by_claim: bool = False
    """whether they are looked at only because of the address that they claim"""
    is_here: bool = True
    """False for people who were removed, or have never been in the course"""

    @property
    def addresses(self) -> frozenset[str]:
        """All addresses that are known of them, confirmed or not."""
        return self.emails | ({self.claims} - {''})


@dataclass(slots=True, kw_only=True)
class Matches:
    """What was found: `same` by line, and by line the candidates of whom one has to be chosen."""

    same: dict[int, int] = field(default_factory=dict)
    open: dict[int, tuple[int, ...]] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class _Left:
    """The lines and the known people who are not matched yet, in order."""

    lines: dict[int, Listed]
    known: dict[int, Known]
    found: Matches = field(default_factory=Matches)

    def pair(self, line: Listed, known: Known) -> None:
        self.found.same[line.line] = known.user_id
        del self.lines[line.line], self.known[known.user_id]

    def ask(self, line: Listed, candidates: Sequence[Known]) -> None:
        self.found.open[line.line] = tuple(known.user_id for known in candidates)
        del self.lines[line.line]


def match(listed: Sequence[Listed], known: Sequence[Known]) -> Matches:
    """Return who of a list is who; a line that is in neither part of the answer is about somebody new."""
    left = _Left(lines={each.line: each for each in listed}, known={each.user_id: each for each in known})
    _by(left, lambda line: line.number and (line.number, line.plain), _with_name(lambda known: known.numbers))
    _by(left, lambda line: line.email and (line.email, line.plain), _with_name(lambda known: known.emails))
    _by(left, lambda line: line.number, lambda known: known.numbers)
    _by_account(left, listed)
    _by_name(left)
    _by_shared_address(left)
    return left.found


def _by(left: _Left, of_line: Callable[[Listed], Hashable], of_known: Callable[[Known], Iterable[Hashable]]) -> None:
    """Pair a line and a known person who alone have the same key."""
    by_key = _by_key(left.known.values(), of_known)
    for key, lines in _by_key(left.lines.values(), lambda line: [of_line(line)]).items():
        candidates = by_key.get(key, [])
        if key and len(lines) == 1 and len(candidates) == 1 and candidates[0].user_id in left.known:
            left.pair(lines[0], candidates[0])


def _with_name(of: Callable[[Known], Iterable[str]]) -> Callable[[Known], Iterable[Hashable]]:
    return lambda known: [(key, known.plain) for key in of(known)]


def _by_key(items: Iterable[Item], keys: Callable[[Item], Iterable[Hashable]]) -> dict[Hashable, list[Item]]:
    found: defaultdict[Hashable, list[Item]] = defaultdict(list)
    for item in items:
        for key in keys(item):
            found[key].append(item)
    return dict(found)


def _by_account(left: _Left, listed: Sequence[Listed]) -> None:
    """Pair an account with the only line that has its address, even under another name."""
    by_email = _by_key(listed, lambda line: [line.email])
    for known in list(left.known.values()):
        lines = by_email.get(known.owns, []) if known.owns else []
        if len(lines) == 1 and lines[0].line in left.lines and not _differ(lines[0].number, known.numbers):
            left.pair(lines[0], known)


def _by_name(left: _Left) -> None:
    """Pair a name that one on each side has, if nothing tells the two apart; otherwise ask."""
    names = _by_key(left.known.values(), lambda known: [known.plain])
    emails = _by_key(left.known.values(), lambda known: known.addresses)
    for plain, lines in _by_key(left.lines.values(), lambda line: [line.plain]).items():
        namesakes = names.get(plain, [])
        here = [known for known in namesakes if known.is_here] or namesakes
        is_one = len(lines) == len(here) == 1 and not here[0].is_found_by_claim
        if is_one and not contradict(lines[0], here[0]) and not _others(lines[0], here, emails):
            left.pair(lines[0], here[0])
        elif namesakes:
            for line in lines:
                left.ask(line, [*namesakes, *_others(line, namesakes, emails)])


def _others(line: Listed, namesakes: Sequence[Known], emails: Mapping[Hashable, Sequence[Known]]) -> list[Known]:
    """Return those with the address of a line and another name: a sister, or the same person renamed."""
    return [known for known in emails.get(line.email, []) if known not in namesakes] if line.email else []


def _by_shared_address(left: _Left) -> None:
    """Ask about a known address with a name that nobody here has."""
    emails = _by_key(left.known.values(), lambda known: known.addresses)
    for line in list(left.lines.values()):
        candidates = _others(line, [], emails)
        if candidates:
            left.ask(line, candidates)


def contradict(person: Listed, known: Known) -> bool:
    """Tell whether a line and a known person both have a number, or both an address, and it differs."""
    return _differ(person.number, known.numbers) or _differ(person.email, known.addresses)


def _differ(said: str, noted: frozenset[str]) -> bool:
    return bool(said) and bool(noted) and said not in noted
