"""Activities of the log as xAPI statements, judged by rules that judge the samples of others first."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from models import CheckpointKind, Mode, Verb
from services.core.events import Detail, Recorded
from services.lms import xapi
from services.lms.xapi import Installation, Known, NamedCheckpoint
from tests.support.shared_files import shared, shared_names
from tests.support.statements import Twice, faults, read

pytestmark = pytest.mark.req('R3')

FOLDER = 'samples/xapi'
AT = datetime(2026, 3, 2, 9, 30, 0, 250_000, tzinfo=UTC)
HERE = Installation(address='https://waymark.example.org', secret='s' * 48)
CHECKPOINTS = {
    7: NamedCheckpoint(title='Quiz about <soil> "Ø" 王', kind=CheckpointKind.QUIZ),
    8: NamedCheckpoint(title='Essay', kind=CheckpointKind.ASSIGNMENT, passing_percent=50),
    9: NamedCheckpoint(title='Look', kind=CheckpointKind.MARKER),
}
KNOWN = Known(courses={3: 'Soil'}, modules={5: 'Sand'}, checkpoints=CHECKPOINTS, passing_percents={21: 60})
DETAILS: dict[Verb, dict[str, Detail]] = {
    Verb.MODULE_COMPLETED: {'module': 5},
    Verb.BADGE_EARNED: {'badge': 4},
    Verb.ANSWERED: {'attempt': 21, 'position': 1, 'question': 33},
    Verb.ANSWERED_IN_CLASS: {'live_question': 2, 'question': 33},
}


def an_activity(verb: Verb, *, checkpoint: int | None = 7, **others: Any) -> Recorded:
    activity = Recorded(
        id=11, user_id=2, tap_id='t', verb=verb, course_id=3, checkpoint_id=checkpoint, session_id=None,
        mode=Mode.SELF_PACED, details=DETAILS.get(verb), at=AT, happened_at=AT, local_date=AT.date(),
    )  # fmt: skip
    return replace(activity, **others)


def said_of(activity: Recorded, known: Known = KNOWN) -> dict[str, Any]:
    said = xapi.statement(activity, of=2, at=HERE, known=known)
    assert said is not None
    return said


def test_the_rules_judge_the_samples_of_others() -> None:
    for name in shared_names(FOLDER):
        text = shared(f'{FOLDER}/{name}')
        if name.startswith('valid/'):
            assert faults(read(text)) == [], name
            continue
        try:
            assert faults(read(text)), name
        except Twice:
            assert name.endswith('multiple_actor.json')


def test_every_verb_makes_a_valid_statement_or_none() -> None:
    for verb, checkpoint in product(Verb, (7, 8, 9, None)):
        said = xapi.statement(
            an_activity(verb, checkpoint=checkpoint, seconds=90, score=70), of=2, at=HERE, known=KNOWN
        )
        if verb not in xapi.VERBS:
            assert said is None
            continue
        assert said is not None
        assert faults(read(json.dumps(said))) == []
        assert said['result']['duration'] == 'PT90S'
        assert said['context']['extensions']['https://waymark.example.org/xapi/verb'] == verb
        # what is not known is not named, and does no harm
        assert (
            faults(xapi.statement(an_activity(verb, checkpoint=checkpoint, score=70), of=2, at=HERE, known=Known()))
            == []
        )


def test_a_score_is_passed_or_failed_only_where_it_is_known_how_much_is_enough() -> None:
    attempt: dict[str, Detail] = {'attempt': 21, 'mark': 80}
    cases = [
        (an_activity(Verb.GRADED, score=60, details=attempt), 'passed', {'success': True}),
        (an_activity(Verb.REGRADED, score=59, details=attempt), 'failed', {'success': False}),
        (an_activity(Verb.GRADE_SET, checkpoint=8, score=50), 'passed', {'success': True}),
        (an_activity(Verb.GRADED, checkpoint=9, score=100, details={'mark': 80}), 'scored', {}),
        (an_activity(Verb.GRADED, checkpoint=8, score=55, details={'pass': 60, 'by': 4}), 'failed', {'success': False}),
    ]
    for activity, verb, outcome in cases:
        said = said_of(activity)
        score = {'scaled': activity.score / 100, 'raw': activity.score, 'min': 0, 'max': 100} if activity.score else {}
        assert said['verb']['id'] == f'http://adlnet.gov/expapi/verbs/{verb}'
        assert said['result'] == {'score': score} | outcome

    extra = said_of(an_activity(Verb.GRADE_SET, checkpoint=8, score=120))
    assert extra['result'] == {'score': {'scaled': 1.0, 'raw': 120, 'min': 0}, 'success': True}
    assert faults(read(json.dumps(extra))) == [], 'no score may be above its maximum, and none scaled above 1'

    excused = an_activity(Verb.GRADE_SET, score=None)
    assert xapi.statement(excused, of=2, at=HERE, known=KNOWN) is None
    too_early = replace(KNOWN, hidden={7})
    assert xapi.statement(cases[0][0], of=2, at=HERE, known=too_early) is None


def test_what_was_done_to_what_where_and_when() -> None:
    said = said_of(an_activity(Verb.ANSWERED, words='not this', about_id=99))

    assert said['timestamp'] == '2026-03-02T09:30:00.250Z'
    assert said['object']['id'] == 'https://waymark.example.org/xapi/questions/33'
    around = said['context']['contextActivities']
    assert around['parent'][0]['definition']['name'] == {'und': CHECKPOINTS[7].title}
    assert around['grouping'][0]['id'] == 'https://waymark.example.org/xapi/courses/3'
    assert 'instructor' not in said['context']
    assert 'not this' not in json.dumps(said)
    assert said_of(an_activity(Verb.UNDONE))['result'] == {'completion': False}
    assert said_of(an_activity(Verb.COURSE_COMPLETED, checkpoint=None))['result'] == {'completion': True}


def test_ids_stay_and_accounts_do_not_say_who_it_is() -> None:
    mine, again = said_of(an_activity(Verb.STARTED)), said_of(an_activity(Verb.STARTED, at=AT + timedelta(days=1)))
    assert mine == again
    other = said_of(an_activity(Verb.STARTED, id=12))
    assert mine['id'] != other['id']
    assert mine['actor'] == other['actor']
    somebody_else = xapi.statement(an_activity(Verb.STARTED), of=3, at=HERE, known=KNOWN)
    assert somebody_else is not None
    assert somebody_else['actor'] != mine['actor']

    elsewhere = Installation(address=HERE.address, secret='t' * 48)
    there = xapi.statement(an_activity(Verb.STARTED), of=2, at=elsewhere, known=KNOWN)
    assert there is not None
    assert there['id'] != mine['id']
    assert there['actor'] != mine['actor']
    moved = xapi.statement(an_activity(Verb.STARTED), of=2, at=replace(HERE, address='http://new.example'), known=KNOWN)
    assert moved is not None
    assert moved['id'] == mine['id'], 'a new address does not make it another statement'


def test_the_profile_names_every_verb_that_makes_a_statement() -> None:
    page = (Path(xapi.__file__).parents[2] / 'docs' / 'xapi.md').read_text(encoding='utf-8')
    rows = [[cell.strip(' `') for cell in line.strip('|').split('|')] for line in page.splitlines() if '| `' in line]
    assert {row[0]: row[1] for row in rows} == {verb.value: address for verb, address in xapi.VERBS.items()}
