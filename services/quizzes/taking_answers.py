"""How an answer is taken, in a quiz and in class alike: by whom, by which gesture, and in which words it is kept.

What an answer belongs to, and until when it is taken, is the matter of `answering` here and in `live.questions`.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

from services.access import Actor
from services.activity import log
from services.core.errors import DomainError, Invalid, NotSignedIn, Refused
from services.core.phrases import phrase
from services.core.transaction import Transaction
from services.quizzes import answer as answers
from services.quizzes.answer import FORM, UNREADABLE, Answer
from services.quizzes.question import Question

FOR_ANOTHER = phrase('This key was used for something else. Make a new one for each answer.')


class Gesture(Protocol):
    """An answer as a page or a client gives it."""

    @property
    def actor(self) -> Actor | None:
        """Who gives it."""

    @property
    def tap_id(self) -> str:
        """By which it counts once."""

    @property
    def request_id(self) -> str:
        """Under which the server log has it."""


G = TypeVar('G', bound=Gesture)
S = TypeVar('S')


def take_each(
    tx: Transaction, many: Sequence[G], take: Callable[[G], S], refused: Callable[[G, str], None]
) -> list[S | DomainError]:
    """Take answers in the order in which they came; each gets its own outcome, and `refused` notes a refusal."""
    outcomes: list[S | DomainError] = []
    for given in many:
        try:
            outcomes.append(take(given))
        except DomainError as refusal:
            outcomes.append(refusal)
            refused(given, type(refusal).__name__)
    tx.request_ids |= {given.actor.user_id: given.request_id for given in many if given.actor}
    return outcomes


def giver(given: Gesture, devices: Iterable[int]) -> Actor:
    """Return who gives an answer, on one of the devices that are signed in; raises `NotSignedIn`."""
    if given.actor is None or given.actor.sign_in_id not in devices:
        raise NotSignedIn
    return given.actor


def check_gesture(tap_id: str) -> None:
    """Refuse an answer by whose gesture it could not be known again."""
    if not log.is_tap_id(tap_id):
        raise Refused(UNREADABLE)


def gestures(many: Sequence[Gesture]) -> list[tuple[int, str]]:
    """Return by which the log knows answers that have come before."""
    return [(each.actor.user_id, each.tap_id) for each in many if each.actor and log.is_tap_id(each.tap_id)]


def checked(question: Question, answer: Answer | None, *, longest: int | None = None) -> Answer | None:
    """Return an answer that fits its question; None where nothing is answered. Raises `Invalid`."""
    if answer is None:
        return None
    if longest is not None and len(answer.text) > longest:
        raise Invalid('This answer is too long; use at most {most} characters.', most=longest, field='answer')
    fits = answers.check(question, answer)
    return None if fits.is_empty else fits


def written(answer: Answer | None) -> str | None:
    """Return an answer as it is kept."""
    return None if answer is None else FORM.dump_json(answer, exclude_defaults=True).decode()
