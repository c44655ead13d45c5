"""What cannot be done is one sentence with the right status, and nothing that was typed is lost."""

from collections.abc import Callable

import psycopg
import pytest

from services.core import database
from services.core.program import version
from services.courses import catalog
from services.live import sessions
from services.people import joining, participants
from tests.factories.classes import ClassAtHand, a_class, a_course
from tests.factories.people import a_guest, a_student, an_account, an_instructor
from tests.support.running import Server, token_of
from tests.support.servers import PostgresServer
from tests.support.templates import migrated_database
from tests.support.visitor import Visitor, hidden_fields, words

Visitors = Callable[..., Visitor]


async def closed(klass: ClassAtHand) -> None:
    await database.write(catalog.open_code, klass.teacher, klass.course_id, is_open=False)


async def archived(klass: ClassAtHand) -> None:
    await database.write(catalog.archive, klass.teacher, klass.course_id, archived=True)


async def deleted(klass: ClassAtHand) -> None:
    await database.write(catalog.delete, klass.teacher, klass.course_id)


@pytest.mark.req('A5', 'C1')
@pytest.mark.parametrize(
    ('happens', 'status', 'says'),
    [
        (closed, 409, 'Joining this class is closed'),
        (archived, 410, 'This course is archived'),
        (deleted, 404, 'No class has this code'),
    ],
)
async def test_a_class_that_takes_nobody(
    server: Server,
    visitor: Visitor,
    happens: Callable[..., object],
    status: int,
    says: str,
) -> None:
    klass = await a_class(learners=())
    await visitor.opens(f'/j/{klass.code}')
    await happens(klass)  # type: ignore[misc]

    by_link = await visitor.opens(f'/j/{klass.code}')
    by_code = await visitor.fills_in('/code', form='/', code=klass.code.lower())
    token = hidden_fields((await visitor.opens('/')).text, '/code')['csrf']
    already_typing = await visitor.http.post('/join', data={'csrf': token, 'code': klass.code, 'name': 'Lena'})
    page = await visitor.opens(already_typing.headers['location'])

    for answer in (by_link, by_code, page):
        assert answer.status_code == status
        assert says in words(answer.text)
    assert visitor.token is None


@pytest.mark.req('A5')
async def test_a_closed_class_lets_those_back_in_who_were_there(server: Server, a_visitor: Visitors) -> None:
    klass = await a_class(learners=['Lena'])
    code = await database.read(joining.rejoin_code, klass.learner)
    await closed(klass)
    new_phone, own_phone = a_visitor(), a_visitor(token=await token_of(klass.learner))

    asked = await new_phone.opens(f'/j/{klass.code}')
    assert 'I was here before' in words(asked.text)
    back = await new_phone.fills(asked, '/code', code=code or '')
    assert (back.status_code, back.headers['location']) == (303, f'/class/{klass.course_id}')

    own = words((await own_phone.opens(f'/j/{klass.code}')).text)
    assert 'Go on as Lena' in own
    assert 'I was here before' not in own


@pytest.mark.req('A5')
@pytest.mark.parametrize('code', ['ZZZZZZ', 'zz-zz', '', 'A', '0O1IL0'])
async def test_a_wrong_code(server: Server, visitor: Visitor, code: str) -> None:
    by_code = await visitor.fills_in('/code', form='/', code=code)
    by_link = await visitor.opens(f'/j/{code or "-"}')

    for answer in (by_code, by_link):
        assert answer.status_code == 404
        assert 'No class has this code' in words(answer.text)
    assert f'value="{code}"' in words(by_code.text)


@pytest.mark.req('A5')
@pytest.mark.parametrize('name', ['', '   ', '!!!', '\u200b\u200e', 'x' * 81])
async def test_a_name_that_cannot_be_one(server: Server, visitor: Visitor, name: str) -> None:
    klass = await a_class(learners=())

    answer = await visitor.fills_in('/join', form=f'/j/{klass.code}', name=name)

    assert answer.status_code == 422
    assert 'aria-invalid="true"' in words(answer.text)
    assert visitor.token is None


@pytest.mark.req('A5')
@pytest.mark.parametrize('name', ['Lena Learner', '  lena   LEARNER ', 'ＬＥＮＡ Learner'])
async def test_a_name_that_is_taken_comes_back_with_one_that_is_free(
    server: Server, visitor: Visitor, name: str
) -> None:
    klass = await a_class(learners=['Lena Learner'])

    refused = await visitor.fills_in('/join', form=f'/j/{klass.code}', name=name)
    offer = f'{" ".join(name.split())} 2'
    joined = await visitor.fills_in('/join', form=f'/j/{klass.code}', name=offer)

    assert refused.status_code == 422
    assert 'is here already' in words(refused.text)
    assert f'value="{offer}"' in words(refused.text)
    assert joined.status_code == 200
    assert joined.url.path == f'/class/{klass.course_id}'


@pytest.mark.req('A5')
async def test_the_second_of_a_name_adds_their_surname(server: Server, visitor: Visitor) -> None:
    klass = await a_class(learners=['Amina'])

    refused = await visitor.fills_in('/join', form=f'/j/{klass.code}', name='amina')
    assert '<span>Your surname</span>' in words(refused.text)
    assert '>Join as amina 2</button>' in words(refused.text)
    answer = await visitor.fills(refused, '/join', surname=' Yusuf ')

    assert answer.headers['location'] == f'/class/{klass.course_id}'
    people = await database.read(participants.of_course, klass.teacher, klass.course_id)
    assert sorted(person.name for person in people.learners) == ['Amina', 'amina Yusuf']


@pytest.mark.req('A1')
@pytest.mark.parametrize(
    ('fields', 'status', 'says'),
    [
        ({'name': ''}, 422, 'Type your full name'),
        ({'email': 'not an address'}, 422, 'This is not an e-mail address'),
        ({'password': 'short'}, 422, '8'),
        ({'password': 'é' * 37}, 422, '72'),
        ({'password': 'password'}, 422, ''),
        ({'email': 'taken@example.org'}, 422, 'account with this e-mail address already'),
        ({'role': 'instructor'}, 403, 'Instructors need an invitation here'),
        ({'role': 'admin', 'invitation': 'made-up'}, 410, 'used already or is too old'),
    ],
)
async def test_an_account_that_cannot_be_made(
    server: Server, visitor: Visitor, fields: dict[str, str], status: int, says: str
) -> None:
    if fields.get('email') == 'taken@example.org':
        await an_account(email='taken@example.org')
    wanted = {'name': 'Nora New', 'email': 'nora@example.org', 'password': 'correct horse battery', **fields}

    answer = await visitor.fills_in('/register', form='/register', **wanted)

    assert answer.status_code == status
    assert says in words(answer.text)
    assert wanted['password'] not in words(answer.text).replace('password', '')
    assert visitor.token is None


@pytest.mark.req('A2')
@pytest.mark.parametrize('page', ['/courses/{id}', '/courses/{id}/live', '/courses/{id}/projector', '/class/{id}'])
async def test_somebody_elses_course_looks_like_one_that_never_was(
    server: Server, a_visitor: Visitors, page: str
) -> None:
    course = await a_course()
    strangers = [await an_instructor(), await a_student(), await a_guest(code=(await a_course()).code)]

    for stranger in strangers:
        visitor = a_visitor(token=await token_of(stranger))
        foreign = await visitor.opens(page.format(id=course.course_id))
        absent = await visitor.opens(page.format(id=999_999))
        assert foreign.status_code == absent.status_code == 404
        assert sentences(foreign.text) == sentences(absent.text)
        assert 'Soil' not in foreign.text


@pytest.mark.req('A2')
@pytest.mark.parametrize('page', ['/courses/new', '/school', '/account'])
async def test_pages_of_staff_and_of_people_are_not_for_everybody(
    server: Server, a_visitor: Visitors, page: str
) -> None:
    student = a_visitor(token=await token_of(await a_student()))

    assert (await a_visitor().http.get(page)).headers['location'] == f'/sign-in?next={page}'
    if page != '/account':
        assert (await student.opens(page)).status_code in {403, 404}


@pytest.mark.req('A2', 'L10')
async def test_a_learner_is_not_shown_the_projector_or_the_live_page(server: Server, a_visitor: Visitors) -> None:
    klass = await a_class(learners=['Lena Learner', 'Otto Other'])
    lena = a_visitor(token=await token_of(klass.learner))

    projector = await lena.opens(f'/courses/{klass.course_id}/projector')
    assert projector.status_code == 404
    assert 'Otto' not in projector.text
    for page in ('', '/live'):
        answer = await lena.http.get(f'/courses/{klass.course_id}{page}')
        assert (answer.status_code, answer.headers['location']) == (303, f'/class/{klass.course_id}')
        assert 'Otto' not in (await lena.opens(f'/courses/{klass.course_id}{page}')).text


NUMBERS = ['0', '-1', 'abc', '1.5', '99999999999999999999', '9' * 5000, '%00', '1%20OR%201=1', '²', '٣']


@pytest.mark.req('O7')
@pytest.mark.parametrize('number', NUMBERS)
async def test_addresses_that_lead_nowhere(server: Server, a_visitor: Visitors, number: str) -> None:
    teacher = a_visitor(token=await token_of(await an_instructor()))
    for page in (
        '/courses/{}',
        '/courses/{}/live',
        '/courses/{}/projector',
        '/courses/{}/attendance',
        '/courses/{}/attendance.csv',
        '/class/{}',
        '/preview/{}',
        '/{}',
        '/j/{}',
    ):
        answer = await teacher.opens(page.format(number))

        assert answer.status_code == 404, page
        assert 'Waymark' in answer.text
        assert 'Traceback' not in answer.text


@pytest.mark.req('C5')
async def test_a_checkpoint_that_is_no_preview_is_not_shown(server: Server, visitor: Visitor) -> None:
    course = await a_course()

    answer = await visitor.opens(f'/preview/{course.checkpoints[0]}')

    assert answer.status_code == 404
    assert 'Step 1' not in answer.text


@pytest.mark.req('L3')
async def test_the_page_of_a_class_that_has_ended(server: Server, a_visitor: Visitors) -> None:
    klass = await a_class()
    await database.write(sessions.end, klass.teacher, klass.course_id)

    answer = await a_visitor(token=await token_of(klass.learner)).opens(f'/class/{klass.course_id}')

    assert answer.status_code == 200
    assert 'This class has ended' in words(answer.text)


@pytest.mark.req('O1')
async def test_health(server: Server, visitor: Visitor) -> None:
    answer = await visitor.opens('/health')

    assert (answer.status_code, answer.json()) == (200, {'status': 'ok', 'version': version(), 'proxy': 'none'})


@pytest.mark.req('O1', 'O2')
async def test_when_the_database_is_gone_everybody_is_told_and_it_recovers_by_itself(
    postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory, a_visitor: Visitors
) -> None:
    name = migrated_database(postgres_server)
    school = Server(tmp_path_factory.mktemp('postgres'), DATABASE_URL=postgres_server.url(name))
    school.start()
    visitor = a_visitor(server=school)
    try:
        close_database(postgres_server, name)
        health = await visitor.opens('/health')
        page = await visitor.opens('/j/ABCDEF')
        refused = await visitor.fills_in('/sign-in', email='x@example.org', password='wrong')
        open_database(postgres_server, name)
        again = await visitor.opens('/health')
    finally:
        school.stop()
        postgres_server.drop_database(name)

    assert (health.status_code, again.status_code) == (503, 200)
    assert page.status_code == refused.status_code == 503
    assert 'Try again soon' in words(page.text)


def close_database(server: PostgresServer, name: str) -> None:
    with connection(server) as postgres:
        postgres.execute(f'ALTER DATABASE {name} ALLOW_CONNECTIONS false')
        postgres.execute('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s', [name])


def open_database(server: PostgresServer, name: str) -> None:
    with connection(server) as postgres:
        postgres.execute(f'ALTER DATABASE {name} ALLOW_CONNECTIONS true')


def connection(server: PostgresServer) -> psycopg.Connection:
    return psycopg.connect(server.url('postgres').replace('+psycopg', ''), autocommit=True)


def sentences(page: str) -> list[str]:
    """Return what a page says, without what is random in it."""
    return [part for part in words(page).split('"') if ' ' in part and part[0].isupper()]
