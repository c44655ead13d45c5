"""Records of completion: what an auditor reads, checks with the script of the documentation, and cannot be changed."""

import csv
import io
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest

from models import Verb
from services.activity import log
from services.activity.following import Running
from services.assignments import grading
from services.assignments import rules as assignment_rules
from services.core import clock, database, spooling
from services.core.errors import NotFound, NotSaved, NotSignedIn
from services.courses import checkpoints
from services.courses.checkpoints import Details
from services.grades import overrides
from services.privacy import erasing, own_looks
from services.progress import module_completions
from services.quizzes import quiz_settings
from services.quizzes.quiz_settings import Rules
from services.reports import completion_records
from services.reports.completion_facts import moment
from services.reports.completion_lines import Format
from tests.factories.assignments import an_assignment, hand_in
from tests.factories.classes import ClassAtHand, a_class, mark, tap, undo
from tests.factories.people import an_admin, an_instructor
from tests.factories.quizzes import RIGHT, a_quiz, take

pytestmark = [pytest.mark.req('R2'), pytest.mark.usefixtures('db')]

PAGE = Path(completion_records.__file__).parents[2] / 'docs' / 'completion-records.md'


async def a_file(klass: ClassAtHand, form: Format = Format.JSONL) -> bytes:
    return b''.join(await completion_records.file_of(klass.teacher, klass.course_id, form))


def lines_of(file: bytes) -> list[dict[str, str]]:
    return [json.loads(line) for line in file.splitlines()]


def audited(folder: Path, name: str, file: bytes) -> str:
    """Run the script of the documentation, as it is written there, where nothing of Waymark can be imported."""
    script = PAGE.read_text().split('```python\n')[1].split('```')[0]
    (folder / 'check.py').write_text(script)
    (folder / name).write_bytes(file)
    found = subprocess.run(
        [sys.executable, '-I', 'check.py', name], cwd=folder, capture_output=True, text=True, timeout=60
    )
    return found.stdout + found.stderr


async def test_an_auditor_checks_a_file_and_finds_each_alteration(tmp_path: Path) -> None:
    klass = await a_class(checkpoints=2, learners=['=HYPERLINK("x")', 'Otto “Ö” Öz'])
    await tap(klass, klass.checkpoints[0])
    await mark(klass.checkpoints[1], by=klass.learners[1])
    as_lines, as_csv = await a_file(klass), await a_file(klass, Format.CSV)

    assert 'nothing was altered' in audited(tmp_path, 'records.jsonl', as_lines)
    assert 'nothing was altered' in audited(tmp_path, 'records.csv', as_csv)
    in_table = list(csv.DictReader(io.StringIO(as_csv.decode('utf-8-sig'), newline='')))
    facts = [[line['facts_hash'] for line in lines[:-1]] for lines in (in_table, lines_of(as_lines))]
    assert facts[0] == facts[1], 'only the end says when the file was made'
    assert in_table[0]['person'] == '\'=HYPERLINK("x")'

    lines = as_lines.splitlines(keepends=True)
    renamed = [lines[0], lines[1].replace(b'Otto', b'Olga'), *lines[2:]]
    scored = [lines[0], lines[1].replace(b'"own word"', b'"passed"'), *lines[2:]]
    for altered, at in ((renamed, 2), (scored, 2), (lines[1:], 1), ([lines[1], lines[0], *lines[2:]], 1)):
        assert f'Line {at} was altered' in audited(tmp_path, 'records.jsonl', b''.join(altered))
    assert 'The end is missing' in audited(tmp_path, 'records.jsonl', b''.join(lines[:-1]))


async def test_a_completion_says_on_which_evidence_and_facts_never_change() -> None:
    quiz = await a_quiz(learners=['Lena Learner', 'Otto Oz'], rules=Rules(passing_percent=70))
    klass, (lena, otto) = quiz.klass, quiz.klass.learners
    await tap(klass, klass.checkpoints[0], by=lena)
    await undo(klass, klass.checkpoints[0], by=lena)
    await take(quiz, RIGHT, by=lena)
    await tap(klass, klass.checkpoints[0], by=lena)
    await tap(klass, klass.checkpoints[0], by=lena, verb=Verb.COMPLETED)
    await Running(module_completions.FOLLOWER).catch_up()
    before = lines_of(await a_file(klass))

    told = [(line['record'], line['subject'], line['evidence'], line['score'], line['pass_mark']) for line in before]
    assert told[:6] == [
        ('completed', 'checkpoint', 'own word', '', ''),
        ('taken back', 'checkpoint', '', '', ''),
        ('completed', 'checkpoint', 'passed', '100', '70'),
        ('completed', 'checkpoint', 'own word', '', ''),
        ('completed', 'course', 'all steps', '', ''),
        ('completed', 'module', 'all steps', '', ''),
    ]
    missing = {(line['person'], line['subject'], line['state']) for line in before if line['record'] == 'missing'}
    assert missing >= {('Otto Oz', what, 'not started') for what in ('checkpoint', 'module', 'course')}
    assert not any(person == 'Lena Learner' for person, _, _ in missing)
    assert all(line['content_version'] for line in before[:4])
    assert before[0]['started_at'] <= before[0]['completed_at'] <= before[0]['recorded_at']

    await database.write(quiz_settings.set_rules, klass.teacher, quiz.checkpoint_id, Rules(passing_percent=90))
    await database.write(checkpoints.edit, klass.teacher, klass.checkpoints[0], Details(title='Another title'))
    await tap(klass, klass.checkpoints[0], by=otto)
    after = lines_of(await a_file(klass))
    assert [line['facts_hash'] for line in after[:6]] == [line['facts_hash'] for line in before[:6]]
    assert (after[0]['content_version'], after[0]['title']) == ('', 'Another title')
    assert after[0]['content_changed_at']
    assert after[2]['content_version'] == before[2]['content_version']
    assert after[6]['content_version']


async def test_the_assessor_and_the_pass_mark_of_then_stand_beside_a_grade() -> None:
    work = await an_assignment(
        with_rules=assignment_rules.Rules(passing_percent=55), klass=await a_class(checkpoints=1)
    )
    await database.write(grading.grade, work.teacher, await hand_in(work), grade=60, returns=True)
    await database.write(assignment_rules.set_rules, work.teacher, work.checkpoint_id, assignment_rules.Rules())

    (line,) = [each for each in lines_of(await a_file(work.klass)) if each['record'] == 'completed']
    assert (line['evidence'], line['score'], line['pass_mark']) == ('passed', '60', '55')
    assert (line['assessor_id'], line['assessor']) == (str(work.teacher.user_id), work.teacher.name)


async def test_what_was_agreed_with_a_learner_stands_beside_what_they_have_not_done() -> None:
    due_at, klass = clock.now() + timedelta(days=2), await a_class(checkpoints=1, learners=['Lena Learner', 'Otto Oz'])
    first = await an_assignment(klass=klass, due_at=due_at)
    second = await an_assignment(klass=klass, due_at=due_at)
    lena, later = klass.learner.user_id, due_at + timedelta(days=5)
    await database.write(assignment_rules.extend, klass.teacher, first.checkpoint_id, due_at=later, user_id=lena)
    await database.write(overrides.excuse, klass.teacher, second.checkpoint_id, user_id=lena, reason='Was ill')

    told = {
        (line['person'], int(line['subject_id'])): (line['state'], line['due_at'])
        for line in lines_of(await a_file(klass))
        if line['kind'] == 'assignment' and line['record'] == 'missing'
    }

    assert told == {
        ('Lena Learner', first.checkpoint_id): ('not started', moment(later)),
        ('Lena Learner', second.checkpoint_id): ('excused', ''),
        ('Otto Oz', first.checkpoint_id): ('not started', moment(due_at)),
        ('Otto Oz', second.checkpoint_id): ('not started', moment(due_at)),
    }


async def test_erased_people_have_a_pseudonym_and_their_completions_stay(tmp_path: Path) -> None:
    klass = await a_class(checkpoints=1)
    await tap(klass, klass.checkpoints[0])
    before = lines_of(await a_file(klass))
    await erasing.erase(await an_admin(), klass.learner.user_id)
    file = await a_file(klass)

    after = lines_of(file)
    assert before[0]['person'] == 'Lena Learner'
    assert b'Lena' not in file
    assert after[0]['person']
    assert after[0]['facts_hash'] == before[0]['facts_hash']
    assert not [line for line in after if line['record'] == 'missing']
    assert 'nothing was altered' in audited(tmp_path, 'records.jsonl', file)


async def test_only_those_who_teach_the_course_get_them_and_learners_read_who_did() -> None:
    klass = await a_class(checkpoints=1)
    for other in (klass.learner, await an_instructor(name='Ivo', email='ivo@example.org'), None):
        with pytest.raises((NotFound, NotSignedIn)):
            await completion_records.file_of(other, klass.course_id, Format.CSV)
    await completion_records.file_of(await an_admin(), klass.course_id, Format.CSV)

    looks = await database.read(own_looks.listed, klass.learner)
    assert [look.page for look in looks.looks] == ['completion records']


async def test_it_is_written_a_few_lines_at_a_time_and_a_full_disk_is_a_sentence(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    klass = await a_class(checkpoints=3, learners=['Lena Learner', 'Otto Oz'])
    for checkpoint in klass.checkpoints:
        await tap(klass, checkpoint)
    at_once = lines_of(await a_file(klass))
    monkeypatch.setattr(completion_records, 'AT_ONCE', 2)
    monkeypatch.setattr(log, 'ON_A_PAGE', 2)
    assert [line['facts_hash'] for line in lines_of(await a_file(klass))[:-1]] == [
        line['facts_hash'] for line in at_once[:-1]
    ]

    monkeypatch.setattr(spooling, 'KEPT_FREE', 2**62)
    with pytest.raises(NotSaved, match='disk of the server is full'):
        await a_file(klass)
