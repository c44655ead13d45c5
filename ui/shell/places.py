"""The pages outside of courses, each with who may open it; the search leads to them."""

from collections.abc import Callable
from dataclasses import dataclass

from services.access import Actor
from services.core.phrases import Phrase, phrase
from services.enums import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A page by the name under which people look for it."""

    name: Phrase
    address: str
    may_open: Callable[[Actor], bool] = lambda _: True


def _is_admin(actor: Actor) -> bool:
    return actor.role is Role.ADMIN


def _has_account(actor: Actor) -> bool:
    return not actor.is_guest


def _may_have_parents(actor: Actor) -> bool:
    return actor.role is Role.STUDENT and not actor.is_guest


PLACES = (
    Place(name=phrase('Your courses'), address='/'),
    Place(name=phrase('Your goals'), address='/goals'),
    Place(name=phrase('Your notes'), address='/notes'),
    Place(name=phrase('Inbox'), address='/inbox'),
    Place(name=phrase('What you are notified of'), address='/inbox/settings'),
    Place(name=phrase('Your account'), address='/account'),
    Place(name=phrase('Your e-mail address'), address='/account/email', may_open=_has_account),
    Place(name=phrase('Your password'), address='/account/password', may_open=_has_account),
    Place(name=phrase('Your parents'), address='/account/parents', may_open=_may_have_parents),
    Place(name=phrase('New course'), address='/courses/new', may_open=lambda actor: actor.may_teach),
    Place(name=phrase('Help'), address='/help'),
    Place(name=phrase('Your school'), address='/school', may_open=_is_admin),
    Place(name=phrase('About your school'), address='/school/settings', may_open=_is_admin),
    Place(name=phrase('Mails of your school'), address='/school/mail', may_open=_is_admin),
)
