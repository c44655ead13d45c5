"""The kinds of notices: each has its traits, and each role is notified of what concerns it."""

import pytest

from models import Channel, NoticeKind, Role
from services.notices import kinds

pytestmark = pytest.mark.req('M1', 'M2')


def test_every_kind_has_its_traits_and_is_read_in_the_app() -> None:
    assert set(kinds.TRAITS) == set(NoticeKind)
    assert all(Channel.IN_APP in traits.usual and traits.roles for traits in kinds.TRAITS.values())


def test_mails_are_few_and_pushes_are_asked_for_until_somebody_chooses() -> None:
    by_mail = {kind for kind, traits in kinds.TRAITS.items() if Channel.E_MAIL in traits.usual}
    assert by_mail == {NoticeKind.GRADE, NoticeKind.DEADLINE, NoticeKind.CERTIFICATE}
    assert not any(Channel.PUSH in traits.usual for traits in kinds.TRAITS.values())


def test_learners_are_not_notified_of_others_and_parents_of_nobody() -> None:
    assert NoticeKind.LAGGING not in kinds.of_role(Role.STUDENT)
    assert kinds.of_role(Role.PARENT) == (), 'the week of a child has a mail and a page of its own'
