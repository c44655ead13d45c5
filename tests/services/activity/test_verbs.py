"""What is true of each verb is stated once, and everything that asks reads it there."""

import pytest

from models import TRAITS, Audience, Tapped, Verb, verbs_where

pytestmark = pytest.mark.req('L1')


@pytest.mark.parametrize('verb', Verb)
def test_each_verb_has_traits(verb: Verb) -> None:
    assert verb in TRAITS, f'State the traits of {verb} in models/verbs.py.'


@pytest.mark.parametrize('verb', Verb)
def test_what_a_screen_may_send_is_done_by_the_learner_and_known_to_instructors(verb: Verb) -> None:
    traits = TRAITS[verb]
    if traits.tapped is not Tapped.NEVER:
        assert traits.is_own_deed
        assert traits.audience in {Audience.COURSE, Audience.STAFF_AND_SELF}


def test_what_moves_a_percentage_also_moves_progress_and_the_enrollment() -> None:
    counted = verbs_where(lambda traits: traits.moves_percentage)
    assert counted
    assert counted <= verbs_where(lambda traits: traits.moves_progress and traits.moves_enrollment)


def test_who_gets_stuck_can_get_unstuck_and_help_follows_both() -> None:
    stuck = verbs_where(lambda traits: traits.stuck is True)
    freed = verbs_where(lambda traits: traits.stuck is False)
    assert stuck
    assert freed
    assert stuck | freed <= verbs_where(lambda traits: traits.moves_help)
