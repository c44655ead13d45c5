"""Whatever lists come in whatever order: nobody is lost, doubled or mixed up with somebody else.

The plain model knows who everybody really is. Lists say only what lists say; where a line is asked about, the teacher
of the model answers truthfully.
"""

from dataclasses import dataclass, replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from services.people.list_matching import Known, Listed, match

pytestmark = pytest.mark.req('C7')

NAMES = st.sampled_from(['ali khan', 'anna roth', 'ben roth'])
FAMILIES = st.sampled_from(['', 'roth@example.org', 'khan@example.org'])


@dataclass(kw_only=True)
class Child:
    """Somebody as they really are; a family may share an address, a number is their own."""

    number: str
    name: str
    email: str
    account: bool = False
    known: Known | None = None
    """what is noted of them, once they are in the course"""


class School(RuleBasedStateMachine):
    """A course, the children around it, and the lists that are brought in."""

    def __init__(self) -> None:
        super().__init__()
        self.children: list[Child] = []

    @initialize(names=st.lists(st.tuples(NAMES, FAMILIES), max_size=4))
    def some_are_enrolled_at_the_school(self, names: list[tuple[str, str]]) -> None:
        for name, family in names:
            self.a_child_moves_here(name, family)

    @rule(name=NAMES, family=FAMILIES)
    def a_child_moves_here(self, name: str, family: str) -> None:
        number = f'n{len(self.children) + 1}'
        email = family if family and not self._has(name, family) else f'{number}@example.org'
        self.children.append(Child(number=number, name=name, email=email))

    @rule(place=st.integers(0, 20), with_account=st.booleans())
    def a_child_joins_by_the_code(self, place: int, with_account: bool) -> None:
        """A guest gives a name that nobody here has; somebody with an account owns their address alone."""
        child = self._child(place)
        if child is None or child.known or child.name in {known.plain for known in self._known()}:
            return
        owns = child.email if with_account and self._is_alone(child) else ''
        emails = frozenset({owns} - {''})
        child.known = Known(user_id=self._id(child), plain=child.name, emails=emails, owns=owns)

    @rule(place=st.integers(0, 20))
    def a_child_is_removed(self, place: int) -> None:
        child = self._child(place)
        if child and child.known:
            child.known = replace(child.known, is_here=False)

    @rule(place=st.integers(0, 20), name=NAMES)
    def a_child_has_another_name_at_the_school(self, place: int, name: str) -> None:
        """Nothing but an address and a number can tell who that was."""
        child = self._child(place)
        is_sure = child and (not child.known or (child.known.numbers and child.email in child.known.emails))
        if child and is_sure and not self._has(name, child.email):
            child.name = name

    @rule(order=st.randoms(use_true_random=False), columns=st.sampled_from(['email', 'number', 'both']))
    def the_list_of_the_school_is_brought_in(self, order: object, columns: str) -> None:
        children = list(self.children)
        order.shuffle(children)  # type: ignore[attr-defined]
        lines = [
            Listed(
                line=line,
                plain=child.name,
                email=child.email if columns != 'number' else '',
                number=child.number if columns != 'email' else '',
            )
            for line, child in enumerate(children, start=2)
        ]
        found = match(lines, self._known())
        for child, line in zip(children, lines, strict=True):
            self._check(child, found.same.get(line.line), found.open.get(line.line))
            self._note(child, line)

    def _check(self, child: Child, same: int | None, candidates: tuple[int, ...] | None) -> None:
        if same is not None:
            assert same == self._id(child), f'{child} was taken for somebody else'
        elif child.known:
            assert candidates is not None, f'{child} would be doubled'
            assert self._id(child) in candidates, f'{child} is not among those who can be chosen'

    def _note(self, child: Child, line: Listed) -> None:
        """Keep of a child what the list says, as bringing it in does."""
        known = child.known or Known(user_id=self._id(child), plain=line.plain)
        numbers = frozenset({line.number}) if line.number else known.numbers
        noted = {line.email} if line.email else known.emails - {known.owns}
        child.known = replace(known, emails=frozenset({*noted, known.owns} - {''}), numbers=numbers)

    def _known(self) -> list[Known]:
        return [child.known for child in self.children if child.known]

    def _child(self, place: int) -> Child | None:
        return self.children[place % len(self.children)] if self.children else None

    def _id(self, child: Child) -> int:
        return int(child.number[1:])

    def _has(self, name: str, email: str) -> bool:
        return any((child.name, child.email) == (name, email) for child in self.children)

    def _is_alone(self, child: Child) -> bool:
        return sum(other.email == child.email for other in self.children) == 1


WhoIsWho = School.TestCase
WhoIsWho.settings = settings(max_examples=150, stateful_step_count=10, deadline=None)
