"""A person takes along everything that is kept of them, as it is declared, and nothing of anybody else."""

import asyncio
import io
import json
from datetime import timedelta
from pathlib import Path
from zipfile import ZipFile

import pytest
import time_machine

from commands import line, tables
from models import Reveal
from models.personal import FILES, TABLES, Export
from services import projections
from services.access import Actor
from services.core import clock, database
from services.core.errors import NotSignedIn, TooManyAttempts
from services.notes import editing
from services.privacy import own_data
from services.quizzes.quiz_settings import Rules
from settings import settings
from tests.factories.classes import a_class
from tests.factories.people import a_student, another_device, sign_out
from tests.factories.quizzes import RIGHT, WRONG, a_quiz, take
from tests.support.planted import plant, plant_files

pytestmark = pytest.mark.req('V1')


@pytest.fixture(autouse=True)
def _often() -> None:
    own_data.downloads.clear()


@pytest.mark.both_databases
@pytest.mark.usefixtures('db')
async def test_sam_takes_along_what_sam_did_and_wrote_and_nothing_of_tom() -> None:
    klass = await a_class(checkpoints=2, learners=('Sam Rivera', 'Tom Tall'))
    sam, tom = klass.learners
    await database.write(editing.write, sam, klass.checkpoints[0], text='Wet & <b>heavy</b>', tags=['soil'])
    await database.write(editing.write, tom, klass.checkpoints[0], text='The secret of Tom', tags=[])

    content = await taken_along(sam)

    page = content['read-me.html']
    assert 'What is kept of Sam Rivera' in page
    assert 'Wet &amp; &lt;b&gt;heavy' in page
    assert not [name for name, text in content.items() if 'Tom' in text], 'nothing of others'
    (note,) = json.loads(content['data/notes.json'])
    assert (note['text'], note['tags'], note['checkpoint']) == ('Wet & <b>heavy</b>', ['soil'], 'Step 1')
    (place,) = json.loads(content['data/enrollments.json'])
    assert place['course'] == 'Soil'
    assert {each['verb'] for each in json.loads(content['data/activities.json'])} >= {'enrolled', 'signed_in'}


@pytest.mark.both_databases
@pytest.mark.req('Q8')
@pytest.mark.usefixtures('db')
async def test_results_that_a_quiz_keeps_back_are_not_taken_along_until_it_shows_them() -> None:
    closes_at = clock.now() + timedelta(hours=1)
    quiz = await a_quiz(rules=Rules(shows_right=Reveal.AFTER_CLOSE, closes_at=closes_at))
    await take(quiz, [RIGHT[0], WRONG[1], None])
    results = ('attempts', 'score'), ('attempt_answers', 'credit'), ('mastery', 'best_score'), ('mastery', 'scores')
    results += (('skill_estimates', 'results'), ('skill_estimates', 'tenths'))

    content = await taken_along(quiz.learner)

    for table, column in results:
        told = [each[column] for each in json.loads(content[f'data/{table}.json'])]
        assert set(map(str, told)) == {'None'}, f'{table}.{column} gives away what was right'
    said = [each for each in json.loads(content['data/activities.json']) if each['verb'] in {'graded', 'skills_shown'}]
    assert len(said) == 2
    assert {each['score'] for each in said} == {None}
    assert [json.loads(each['details']).get('skills') for each in said] == [None, None]
    assert 'do not show their results yet' in content['read-me.html']
    answers = [each['answer'] for each in json.loads(content['data/attempt_answers.json'])]
    assert len([each for each in answers if each]) == 2, 'what Lena answered is hers'

    with time_machine.travel(closes_at + timedelta(minutes=1), tick=False):
        own_data.downloads.clear()
        later = await taken_along(quiz.learner)
    assert [each['score'] for each in json.loads(later['data/attempts.json'])] != [None]
    assert 'do not show their results yet' not in later['read-me.html']


@pytest.mark.usefixtures('db')
async def test_every_column_and_kind_of_file_is_taken_along_as_it_is_declared(url: str, data_dir: Path) -> None:
    sam = await a_student(name='Sam Rivera')
    plants = plant(url, sam.user_id)
    made = plant_files(data_dir)

    everything = '\n'.join((await taken_along(sam)).values())

    assert len(plants) > 50
    for each in plants:
        assert (each.word in everything) is each.is_taken_along, f'{each.table}.{each.column}'
    for name in made:
        (kept,) = FILES[name].personal
        follows = {part: each.on_export for each in TABLES['submission_files'].personal for part in each.columns}
        expected = follows['stored_as'] if kept.on_export is Export.AS_TABLES else kept.on_export
        assert (f'content-{name}' in everything) is (expected is Export.INCLUDE), name


@pytest.mark.usefixtures('db')
async def test_only_who_is_signed_in_and_not_again_and_again() -> None:
    sam = await a_student(name='Sam Rivera')
    gone = await another_device(of=sam)
    await sign_out(actor=gone)

    for actor in None, gone:
        with pytest.raises(NotSignedIn):
            await database.read(own_data.take_along, actor)
    for _ in range(3):
        await taken_along(sam)
    with pytest.raises(TooManyAttempts):
        await taken_along(sam)


@pytest.mark.usefixtures('data_dir')
def test_the_operator_writes_it_for_somebody_who_asks(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tables.migrate(settings())
    database.open_at(settings().database_url, projections.ALL)
    asyncio.run(a_student(name='Sam Rivera', email='sam@example.org'))
    database.close()
    file = tmp_path / 'sam.zip'

    assert [export(who, file) for who in ('nobody@example.org', 'sam@example.org', 'sam@example.org')] == [2, 0, 2]

    assert 'There is no such person.' in capsys.readouterr().err
    assert file.stat().st_mode & 0o077 == 0
    with ZipFile(file) as archive:
        assert b'sam@example.org' in archive.read('data/users.json')


def export(who: str, file: Path) -> int:
    return line.run(line.parser().parse_args(['export-person', who, str(file)]))


async def taken_along(actor: Actor) -> dict[str, str]:
    """Return what is in the ZIP of a person, by name."""
    packed = await database.read(own_data.take_along, actor)
    with ZipFile(io.BytesIO(b''.join(packed.pieces()))) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name).decode() for name in archive.namelist()}
