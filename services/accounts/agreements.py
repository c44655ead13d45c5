"""Who agrees that a learner registers, where the school asks: they, from some age on, or their parents.

Nobody gives a date of birth: the age that counted at that time is kept, and which of the two they said.
"""

from models import Agreement, User
from services.core.errors import Invalid
from services.core.transaction import Transaction
from settings import settings


def age() -> int | None:
    """Return from which age learners agree for themselves here; None where the school does not ask."""
    return settings().age_of_consent or None


def record(tx: Transaction, person: User, said: Agreement | None) -> None:
    """Keep with a learner who agrees that they register; raises `Invalid` where the school asks and they did not say.

    Where the school does not ask, nothing is kept, whatever a client says.
    """
    asked = age()
    if asked is None:
        return
    if said is None:
        raise Invalid(
            'Choose who agrees that you register. If you are younger than {age}, ask your parents first.',
            age=asked,
            field='agreement',
        )
    person.agreement, person.agreement_age, person.agreement_at = said, asked, tx.now


def read(typed: str) -> Agreement | None:
    """Return what was chosen in a form; None for nothing, and for what cannot be chosen."""
    return Agreement(typed) if typed in set(Agreement) else None
