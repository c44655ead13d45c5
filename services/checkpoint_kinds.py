"""What differs between the kinds of checkpoints, in one table; its counterpart on screen is in `ui`.

A kind that is not offered yet has its row, too: nobody can choose, import, tick or fill one until it is built.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from models import CheckpointKind, Verb
from services.core.phrases import Phrase, phrase


class Unit(StrEnum):
    """What a position in a content counts; see `ContentPosition.position`."""

    SECONDS = 'seconds'
    PAGES = 'pages'
    SHARE = 'share'


@dataclass(frozen=True, slots=True, kw_only=True)
class KindTraits:
    """How checkpoints of one kind behave."""

    name: Phrase
    """in a sentence, such as “a quiz”"""
    is_offered: bool = False
    """whether an instructor can choose it, and a course file can bring it"""
    taps: frozenset[Verb] = frozenset()
    """what a learner can say of it by themselves, from a page or from a client"""
    takes_files: bool = False
    """whether it can be given a video or a document, and becomes a video or a document by it"""
    files: tuple[str, ...] = ()
    """the parts (`uploads.parts.Part`) that it can have; the first is what makes a checkpoint one of this kind"""
    has_text: bool = False
    """whether its body is read where it has no file"""
    has_link: bool = False
    """whether its address elsewhere is offered where it has no file"""
    unit_of_file: Unit = Unit.SHARE
    unit_of_text: Unit = Unit.SHARE


_BY_HAND = frozenset({Verb.STARTED, Verb.COMPLETED, Verb.UNDONE})

KINDS: Mapping[CheckpointKind, KindTraits] = MappingProxyType(
    {
        CheckpointKind.MARKER: KindTraits(
            name=phrase('a step to tick off'), is_offered=True, taps=_BY_HAND, takes_files=True
        ),
        CheckpointKind.VIDEO: KindTraits(
            name=phrase('a video'),
            is_offered=True,
            taps=_BY_HAND,
            takes_files=True,
            files=('film', 'captions'),
            has_link=True,
            unit_of_file=Unit.SECONDS,
            unit_of_text=Unit.SECONDS,
        ),
        CheckpointKind.DOCUMENT: KindTraits(
            name=phrase('a document'),
            is_offered=True,
            taps=_BY_HAND,
            takes_files=True,
            files=('file',),
            has_text=True,
            unit_of_file=Unit.PAGES,
        ),
        CheckpointKind.QUIZ: KindTraits(name=phrase('a quiz'), is_offered=True),
        CheckpointKind.ASSIGNMENT: KindTraits(name=phrase('an assignment'), is_offered=True),
    }
)

OFFERED = tuple(kind for kind, traits in KINDS.items() if traits.is_offered)
"""the kinds that a checkpoint can be made one of"""


def is_ticked(kind: CheckpointKind) -> bool:
    """Tell whether a learner marks it as done by hand; others complete by what is done in them."""
    return Verb.COMPLETED in KINDS[kind].taps


def takes_files(kind: CheckpointKind) -> bool:
    """Tell whether a checkpoint can be given a video or a document, and become a video or a document by it."""
    return KINDS[kind].takes_files


def unit_of(kind: CheckpointKind, file_id: int | None) -> Unit:
    """Return what a position counts in the content of a checkpoint."""
    traits = KINDS[kind]
    return traits.unit_of_text if file_id is None else traits.unit_of_file


def text_of(kind: CheckpointKind, body: str, file_id: int | None) -> str:
    """Return what is read at a checkpoint as text; nothing where it has no text, or a file in its place."""
    return body if KINDS[kind].has_text and file_id is None else ''


def link_of(kind: CheckpointKind, link: str, file_id: int | None) -> str:
    """Return the address to which a checkpoint leads; empty where it has none, or a file in its place."""
    return link if KINDS[kind].has_link and file_id is None else ''


def not_offered() -> Phrase:
    """Return the sentence for a kind that nobody can choose yet."""
    first, second, third, fourth, fifth = (KINDS[kind].name for kind in OFFERED)
    return phrase(
        'Choose {first}, {second}, {third}, {fourth} or {fifth}.',
        first=first,
        second=second,
        third=third,
        fourth=fourth,
        fifth=fifth,
    )
