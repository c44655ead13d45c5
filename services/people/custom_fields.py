"""What a school needs to note about a learner in a course: fields that those who teach name and fill."""

from collections.abc import Sequence

from services import access
from services.access import Actor
from services.core.errors import Invalid
from services.core.events import LearnerNoted
from services.core.text import line
from services.core.transaction import Transaction

MOST_FIELDS = 20
LONGEST_NAME = 40
LONGEST_VALUE = 200

Fields = Sequence[tuple[str, str]]


def fill(tx: Transaction, actor: Actor | None, course_id: int, *, user_id: int, fields: Fields) -> None:
    """Set all fields of a learner, by name and in order; a field without a value is left out."""
    access.taught_course(tx, actor, course_id)
    place = access.enrollment(tx, course_id, user_id, locked=True)
    place.custom = check_fields(fields)
    tx.session.add(place)
    tx.announce(LearnerNoted(course_id=course_id, user_id=user_id))
    tx.note('fields noted', course=course_id, user=user_id)


def check_fields(fields: Fields) -> dict[str, str]:
    """Return fields as they are kept; raises `Invalid` with what cannot be taken."""
    kept: dict[str, str] = {}
    for name, value in ((_plain(name), _plain(value)) for name, value in fields):
        if not name and not value:
            continue
        if not name:
            raise Invalid('Give the field with “{value}” a name.', value=value[:40], field='fields')
        if len(name) > LONGEST_NAME or len(value) > LONGEST_VALUE:
            raise Invalid(
                'A name has at most {name_most} characters, what is noted {value_most}.',
                name_most=LONGEST_NAME,
                value_most=LONGEST_VALUE,
                field='fields',
            )
        if name.casefold() in {other.casefold() for other in kept}:
            raise Invalid('There are two fields “{name}”.', name=name, field='fields')
        if value:
            kept[name] = value
    if len(kept) > MOST_FIELDS:
        raise Invalid('Use at most {most} fields.', most=MOST_FIELDS, field='fields')
    return kept


def _plain(text: str) -> str:
    return line(text)
