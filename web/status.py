"""The one place where errors become status codes, for pages and for clients."""

from services.core.errors import (
    Busy,
    DomainError,
    Forbidden,
    Gone,
    Invalid,
    NotEnrolled,
    NotFound,
    NotSaved,
    NotSignedIn,
    Refused,
    TooManyAttempts,
    WrongPassword,
)

STATUS: dict[type[DomainError], int] = {
    NotSignedIn: 401,
    WrongPassword: 401,
    Forbidden: 403,
    NotEnrolled: 403,
    NotFound: 404,
    Refused: 409,
    Gone: 410,
    Invalid: 422,
    TooManyAttempts: 429,
    Busy: 503,
    NotSaved: 503,
}


def status_of(error: DomainError) -> int:
    """Return the status code that goes with an error."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 400)
