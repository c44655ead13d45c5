"""What can be refused, each with a sentence that the person can act on.

Status codes belong to the faces: `ui` and `api` each map these classes once.
"""

from services.core.phrases import Phrase, phrase, plural

_SIGNED_OUT = phrase('You are signed out. Sign in again; everything saved is still there.')
_REMOVED = phrase(
    'You are not in this course now. What you did is kept; if this is a mistake, ask your instructor to bring you back.'
)
_NOT_SAVED = phrase('Not saved: the database cannot write at the moment. Try again soon.')


class DomainError(Exception):
    """The root of everything that a person may be told.

    The sentence is a key with named values, like every text for people; `str(error)` is its English.
    """

    def __init__(self, text: str | Phrase, *, field: str = '', offer: str = '', **values: object) -> None:
        self.sentence = text if isinstance(text, Phrase) else phrase(text, **values)
        super().__init__(str(self.sentence))
        self.field = field
        """The form field that the sentence is about, if any."""
        self.offer = offer
        """A value that would be accepted instead, if there is one."""


class NotSignedIn(DomainError):
    """Nobody is signed in, or the sign-in has ended."""

    def __init__(self, text: str | Phrase = _SIGNED_OUT) -> None:
        super().__init__(text)


class WrongPassword(DomainError):
    """Name and password do not belong together; deliberately silent on which of them is wrong."""

    def __init__(self) -> None:
        super().__init__(phrase('This e-mail address and password do not belong together.'), field='password')


class NotFound(DomainError):
    """Absent, or not yours: the two look the same."""


class NotEnrolled(DomainError):
    """The one thing that is not hidden: marking in a course that one is not enrolled in."""

    def __init__(self) -> None:
        super().__init__(phrase('Not enrolled in this course'))


class Removed(NotEnrolled):
    """The instructor has taken this person out of the course."""

    def __init__(self, text: str | Phrase = _REMOVED) -> None:
        DomainError.__init__(self, text)


class Forbidden(DomainError):
    """The person may see it but not do it."""


class Refused(DomainError):
    """Right in itself, but not in the state that things are in now."""


class KeyTaken(Refused):
    """An idempotency key that was used for another request."""


class Gone(DomainError):
    """It was there and has ended or been removed."""


class Invalid(DomainError):
    """What was typed cannot be taken as it is."""


class TooManyAttempts(DomainError):
    """Guessing, or asking, is slowed down; `seconds` says for how long."""

    def __init__(self, text: str | Phrase, *, seconds: int, **values: object) -> None:
        super().__init__(text if isinstance(text, Phrase) else phrase(text, **values))
        self.seconds = seconds


class Busy(DomainError):
    """There is more waiting than the server can do in time; `seconds` says when to try again."""

    def __init__(self, *, seconds: int) -> None:
        super().__init__(
            plural(
                'The server is busy. Try again in {count} second.',
                'The server is busy. Try again in {count} seconds.',
                seconds,
            )
        )
        self.seconds = seconds


class NotSaved(DomainError):
    """The database could not take it. Earlier rows are safe."""

    def __init__(self, text: str | Phrase = _NOT_SAVED) -> None:
        super().__init__(text)
