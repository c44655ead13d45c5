"""The dashboard of a course: who needs the teacher, where learners get stuck, what to do today; and it moves."""

import csv
import io
import json
from datetime import timedelta

import pytest
import time_machine
from nicegui import ui
from nicegui.elements.mixins.text_element import TextElement

from models import Prediction, PredictionRun, RiskBand, Verb
from services.activity.following import Running
from services.analytics import daily_totals
from services.analytics.prediction import answers
from services.core import clock, database
from services.core.transaction import Transaction
from services.courses import checkpoints
from services.courses.checkpoints import Details
from services.live import sessions
from services.live.help import queue
from services.people import groups
from tests.factories import classes
from tests.factories.classes import ClassAtHand, a_class, join_class, mark, tap
from tests.factories.people import an_instructor
from tests.support.eventually import eventually
from tests.support.learner import RETRIES
from tests.support.menus import choose, elements_of, press
from tests.support.patient import PatientUser
from tests.ui.conftest import Enter

pytestmark = pytest.mark.req('D3', 'N1', 'N6', 'C7')

NAMES = ['Ada Alt', 'Ben <b>Bay</b>', 'Cleo Cox', 'Dora Dee']


async def a_course() -> ClassAtHand:
    """Ten days ago four learners began; Ada did all, Ben is stuck at the second step, and it is due."""
    with time_machine.travel(clock.now() - timedelta(days=10), tick=False) as time:
        klass = await a_class(checkpoints=3, learners=NAMES)
        ada, ben, cleo, _ = klass.learners
        details = Details(title='Measure the pH', estimated_minutes=1, due_at=clock.now() + timedelta(days=2))
        await database.write(checkpoints.edit, klass.teacher, klass.checkpoints[1], details)
        for learner in (ada, ben, cleo):
            await join_class(klass, by=learner)
            await tap(klass, klass.checkpoints[0], by=learner, then=klass.checkpoints[1])
        await database.write(queue.ask, ben, klass.session_id, klass.checkpoints[1])
        for learner in (ada, cleo):
            time.shift(timedelta(minutes=5))
            await tap(klass, klass.checkpoints[1], by=learner)
        await tap(klass, klass.checkpoints[2], by=ada)
        await database.write(sessions.end, klass.teacher, klass.course_id)
        for learner, group in ((ada, 'Red'), (ben, 'Blue')):
            await database.write(groups.put, klass.teacher, klass.course_id, user_id=learner.user_id, name=group)
    await Running(daily_totals.FOLLOWER).catch_up()
    return klass


def address(klass: ClassAtHand, end: str = '') -> str:
    return f'/courses/{klass.course_id}/analytics{end}'


def texts(user: PatientUser, of: str) -> list[str]:
    """Return the words of all elements with a class."""
    assert user.client
    found = (each for each in user.client.elements.values() if of in each.classes)
    return [' '.join(_words(each)) for each in found]


def _words(element: ui.element) -> list[str]:
    own = [element.text] if isinstance(element, TextElement) and element.text else []
    return own + [word for child in element.default_slot.children for word in _words(child)]


def charts(user: PatientUser) -> list[dict[str, object]]:
    assert user.client
    return [each.props['options'] for each in user.client.elements.values() if isinstance(each, ui.plotly)]


async def test_the_first_screen_answers_and_follows_what_happens(enter: Enter) -> None:
    klass = await a_course()
    ines = await enter(klass.teacher)
    await ines.open(address(klass))

    ben, dora, cleo = (each.split(' Write')[0] for each in texts(ines, 'need'))
    assert ben == (
        'Ben <b>Bay</b> Blue 1 of 1 due steps is missing: “Measure the pH” · '
        '33 % done, the course 49 % on average · last here 10 days ago'
    )
    assert dora.startswith('Dora Dee 1 of 1 due steps is missing')
    assert dora.endswith('since joining 10 days ago')
    assert cleo == 'Cleo Cox last here 10 days ago'
    assert texts(ines, 'hard-step') == ['2 Measure the pH takes 7.5 × the plan · 1 of 3 asked for help Difficulty 75']
    await ines.should_see('2 of 4 learners have something overdue.')
    await eventually(lambda: len(charts(ines)) == 3)  # completion, time and weeks
    assert 'Ben &lt;b&gt;Bay' in ' '.join(e.content for e in ines.client.elements.values() if isinstance(e, ui.html))  # type: ignore[union-attr]

    await mark(klass.checkpoints[1], by=klass.learners[3], verb=Verb.COMPLETED)

    await ines.should_see('1 of 4 learners has something overdue.')
    await ines.should_see('Dora Dee')


async def test_what_a_tap_does_not_change_is_not_drawn_anew(enter: Enter) -> None:
    klass = await a_course()
    ines = await enter(klass.teacher)
    await ines.open(address(klass))
    assert ines.client
    elements = ines.client.elements
    await ines.should_see('No quiz of this course has a score yet.')
    (quizzes,) = (each for each in elements.values() if getattr(each, 'text', '').startswith('No quiz of this'))
    for learner in klass.learners[2:]:  # by the second look, the first one has drawn all that it draws
        drawn = charts(ines)
        await mark(klass.checkpoints[2], by=learner)
        await eventually(lambda drawn=drawn: charts(ines) not in ([], drawn))

    assert elements.get(quizzes.id) is quizzes


async def test_where_there_is_nothing_to_draw_nothing_is_drawn(enter: Enter) -> None:
    course = await classes.a_course(checkpoints=0)
    ines = await enter(course.teacher)
    await ines.open(f'/courses/{course.course_id}/analytics')

    for words in (
        'There is nothing to complete yet.',
        'Nobody takes part yet.',
        'After two weeks you see here whether learners do more or less than usual.',
    ):
        await ines.should_see(words, retries=RETRIES)
    assert charts(ines) == []


async def test_a_teacher_dismisses_with_a_reason_and_ticks_off(enter: Enter) -> None:
    klass = await a_course()
    late = Details(title='Step 3', due_at=clock.now() + timedelta(days=1))
    await database.write(checkpoints.edit, klass.teacher, klass.checkpoints[2], late)
    ines = await enter(klass.teacher)
    await ines.open(address(klass))
    assert ines.client
    box = next(each for each in ines.client.elements.values() if isinstance(each, ui.checkbox))

    choose(ines, 'Ben <b>Bay</b> is not a problem', 'I know why')
    await ines.should_see('Ben <b>Bay</b> is not shown for two weeks')
    box.set_value(True)
    await eventually(lambda: len(texts(ines, 'todo-done')) == 1)

    await eventually(lambda: [each.split()[0] for each in texts(ines, 'need')] == ['Dora', 'Cleo'])
    phone = await enter(klass.teacher)
    await phone.open(address(klass))
    assert texts(phone, 'todo-done') == ['“Step 3” is due soon; 3 learners have not begun']
    assert [each.split()[0] for each in texts(phone, 'need')] == ['Dora', 'Cleo']


async def test_a_message_is_copied_only_where_a_browser_lets_a_page_do_that(enter: Enter) -> None:
    klass = await a_course()
    for host, may in ('test', 0), ('localhost', 1):
        ines = await enter(klass.teacher)
        ines.http_client.headers['host'] = host
        await ines.open(address(klass))
        await eventually(lambda ines=ines: 'Cleo' in ' '.join(texts(ines, 'need')))
        press(ines, 'Write to Cleo Cox')
        await ines.should_see('Open in my mail program')
        assert [each.text for each in elements_of(ines) if isinstance(each, ui.button)].count('Copy') == may, host


async def test_a_group_is_in_the_address_and_the_file_says_what_the_page_says(enter: Enter) -> None:
    klass = await a_course()
    ines = await enter(klass.teacher)
    await ines.open(address(klass, '?group=Blue'))
    assert [each.split()[0] for each in texts(ines, 'need')] == ['Ben']
    answer = await ines.http_client.get(address(klass, '/learners.csv?group=Blue'))
    rows = list(csv.reader(io.StringIO(answer.content.decode('utf-8-sig'), newline='')))

    assert rows[0][:5] == ['Name', 'Group', 'Progress', 'Overdue', 'Days without activity']
    assert rows[1:] == [['Ben <b>Bay</b>', 'Blue', '33', '1', '10', 'done', 'started', 'not yet']]
    html = (await ines.http_client.get(address(klass))).text
    imports = json.loads(html.partition('<script type="importmap">')[2].partition('</script>')[0])['imports']
    assert f'<link rel="modulepreload" href="{imports["nicegui-plotly"]}">' in html, 'loaded beside the page'
    for name in ('steps', 'weeks', 'scores'):
        assert (await ines.http_client.get(address(klass, f'/{name}.csv'))).status_code == 200
    assert (await ines.http_client.get(address(klass, '/other.csv'))).status_code in {404, 422}
    records = f'/courses/{klass.course_id}/completion-records.csv'
    assert records in [str(link.props.get('href')) for link in ines.find(ui.link).elements]
    table = (await ines.http_client.get(records)).content.decode('utf-8-sig')
    assert 'Ben <b>Bay</b>' in {row['person'] for row in csv.DictReader(io.StringIO(table, newline=''))}
    stranger = await enter(await an_instructor())
    for file in (address(klass, '/learners.csv'), records):
        assert (await stranger.http_client.get(file)).status_code == 404


async def test_who_is_at_high_risk_is_in_the_list_with_what_would_help(enter: Enter) -> None:
    klass = await a_course()
    ada = klass.learners[0]
    await database.write(foretell, klass.course_id, ada.user_id)
    ines = await enter(klass.teacher)
    await ines.open(address(klass))

    first, *_ = (each.split(' Write')[0] for each in texts(ines, 'need'))
    assert first == 'Ada Alt high risk Red The average score is 40; that of the class is 75.'
    await database.write(answers.dismiss, klass.teacher, klass.course_id, ada.user_id, reason='It is known')
    await eventually(lambda: not any('Ada Alt' in each for each in texts(ines, 'need')))


def foretell(tx: Transaction, course_id: int, user_id: int) -> None:
    """Predict a high risk for somebody, as a night would."""
    reason = {'fact': 'low_score', 'score': 40, 'average': 75, 'weight': 1.0}
    tx.session.add(
        Prediction(course_id=course_id, user_id=user_id, band=RiskBand.HIGH, risk=0.9, reasons=[reason], since=tx.now)
    )
    tx.session.add(PredictionRun(course_id=course_id, made_at=tx.now))
