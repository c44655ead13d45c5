"""The parts of a course file, read with distrust: each mistake is noted with its line, and reading goes on."""

import difflib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from services.core.errors import Invalid
from services.core.phrases import Phrase, phrase

MOST_PROBLEMS = 10
LONGEST_QUOTE = 40
"""of what a refusal repeats"""


@dataclass(slots=True, eq=False)
class Word:
    """A text that stands somewhere; empty where the file says that there is nothing."""

    value: str
    line: int


@dataclass(slots=True, eq=False)
class Listing:
    """Nodes one after the other."""

    nodes: 'list[Node]'
    line: int


@dataclass(slots=True, eq=False)
class Parts:
    """Nodes with their names."""

    nodes: 'list[Node]'
    """each name, and behind it what it names"""
    line: int

    def pairs(self) -> 'Iterator[tuple[Node, Node]]':
        """Return each name with what it names."""
        return zip(self.nodes[::2], self.nodes[1::2], strict=True)


Node = Word | Listing | Parts


class Nodes:
    """Reads single parts and collects what is wrong, so that everything can be corrected at once."""

    def __init__(self) -> None:
        self.problems: list[tuple[int, Phrase]] = []

    def number(self, node: Node) -> int:
        """Return a whole number that is not below zero."""
        number = whole(word := self.word(node))
        if number is None:
            self.wrong(node, phrase('a whole number is needed here, not “{word}”.', word=cut(word)))
        return number or 0

    def moment(self, node: Node | None) -> datetime | None:
        """Return a moment; without a zone it is one of UTC."""
        if node is None:
            return None
        try:
            moment = datetime.fromisoformat(self.word(node))
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        except (ValueError, OverflowError):
            self.wrong(node, phrase('a moment is written like 2027-03-01T08:00:00+00:00.'))
            return None

    def flag(self, node: Node | None) -> bool:
        """Return whether something is so."""
        word = self.word(node).lower() if node else 'no'
        if node and word not in {'true', 'false', 'yes', 'no'}:
            self.wrong(node, phrase('say yes or no.'))
        return word in {'true', 'yes'}

    def checked(self, node: Node | None, check: Callable[[str], str]) -> str:
        """Return a text as a check gives it back."""
        if node is None:
            return ''
        try:
            return check(self.word(node))
        except Invalid as refusal:
            self.wrong(node, refusal.sentence)
            return ''

    def word(self, node: Node) -> str:
        """Return what stands in one place."""
        if isinstance(node, Word):
            return node.value
        self.wrong(node, phrase('a text is needed here, not a list.'))
        return ''

    def items(self, node: Node | None, what: Phrase, *, most: int) -> list[Node]:
        """Return the parts of a list; nothing of one that is too long."""
        if node is None or (isinstance(node, Word) and not node.value):
            return []
        if not isinstance(node, Listing):
            self.wrong(node, phrase('{what} must be a list: one “- ” in front of each.', what=what))
            return []
        if len(node.nodes) > most:
            self.wrong(
                node,
                phrase('there are too many: {count}, where {most} are possible.', count=len(node.nodes), most=most),
            )
            return []
        return node.nodes

    def parts(
        self, node: Node, what: Phrase, optional: Sequence[str] = (), *, needed: Sequence[str]
    ) -> dict[str, Node]:
        """Return the parts of something by their names, without those that are not known."""
        if not isinstance(node, Parts):
            name = [*needed, *optional][0]
            self.wrong(node, phrase('{what} must have parts like “{name}: …”.', what=what, name=name))
            return {}
        parts: dict[str, Node] = {}
        known = {*optional, *needed}
        for key, value in node.pairs():
            name = self.word(key)
            if name in parts:
                self.wrong(key, phrase('“{name}” is there twice.', name=cut(name)))
            elif name not in known:
                self._unknown(key, name, [*needed, *optional])
            else:
                parts[name] = value
        for name in needed:
            if name not in parts:
                self.wrong(node, phrase('{what} has no “{name}”.', what=what, name=name))
        return parts

    def _unknown(self, key: Node, name: str, known: Sequence[str]) -> None:
        """Note an unknown part, and what was meant as long as a person will read it: finding that takes a while."""
        if len(self.problems) > 2 * MOST_PROBLEMS:
            self.wrong(key, _NOT_KNOWN)
        else:
            self.wrong(key, phrase('“{name}” is not known here. {hint}', name=cut(name), hint=meant(name, known)))

    def wrong(self, node: Node, sentence: Phrase) -> None:
        """Note what is wrong at a place."""
        self.problems.append((node.line, sentence))


_NOT_KNOWN = phrase('this is not known here.')


def meant(word: str, known: Sequence[str]) -> Phrase:
    """Return a sentence with the known word that is nearest, or with all of them."""
    close = difflib.get_close_matches(word[:LONGEST_QUOTE], known, n=1)
    if close:
        return phrase('Did you mean “{word}”?', word=close[0])
    return phrase('Known are: {words}.', words=', '.join(known))


def cut(word: str) -> str:
    """Return the beginning of a word, to be repeated in a sentence."""
    return word if len(word) <= LONGEST_QUOTE else f'{word[:LONGEST_QUOTE]}…'


def whole(word: str) -> int | None:
    """Return a whole number of at most five digits; None for everything else."""
    return int(word) if word.isascii() and word.isdecimal() and len(word) < 6 else None
