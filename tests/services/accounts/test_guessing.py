"""Codes and numbers: what is right gets in at once, what is wrong is counted for where it comes from."""

from collections.abc import Callable, Mapping

import orjson
import pytest

from services.accounts import guessing
from services.accounts.guessing import Guesses, Origin
from services.core import buckets, database, hidden_names
from services.core.errors import DomainError, NotFound, Refused, TooManyAttempts
from services.core.server_address import network_of
from services.people import guest_limits, joining
from tests.factories.classes import a_class, a_course
from tests.factories.people import a_guest

pytestmark = pytest.mark.req('A5', 'A6')

WRONG = NotFound('Wrong.', field='code')
SCHOOL = '203.0.113.1'


class Time:
    """A clock that a test turns."""

    def __init__(self) -> None:
        self.now = 1000.0

    def monotonic(self) -> float:
        return self.now


class Line:
    """What a process says to the others, kept for them."""

    def __init__(self) -> None:
        self.said: list[bytes] = []
        self.hears: Callable[[str, Mapping[str, str]], None] = lambda *_: None

    def say(self, _: str, message: Mapping[str, str]) -> None:
        self.said.append(orjson.dumps(message))

    def hear(self, _: str, heard: Callable[[str, Mapping[str, str]], None]) -> None:
        self.hears = heard


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    clock = Time()
    monkeypatch.setattr(buckets, 'time', clock)
    monkeypatch.setattr(guessing, 'time', clock)
    return clock


@pytest.mark.usefixtures('db')
async def test_after_many_wrong_codes_from_one_school_every_right_one_gets_in_at_once() -> None:
    klass = await a_class(learners=[f'Learner {number}' for number in range(6)])
    codes = [await database.read(joining.rejoin_code, learner) or '' for learner in klass.learners]
    for number in range(90):
        with pytest.raises((NotFound, TooManyAttempts)):
            await rejoin(f'WRNGWR{number:02}')

    for code in codes:
        assert (await rejoin(code)).entered


@pytest.mark.usefixtures('db')
async def test_a_wrong_code_says_so_and_after_five_it_says_how_long_to_wait() -> None:
    await a_class()
    for number in range(guessing.FREE):
        with pytest.raises(NotFound, match='Nobody has this code'):
            await rejoin(f'WRNGWR{number:02}')

    waits = []
    for number in range(3):
        with pytest.raises(TooManyAttempts, match='Nobody has this code') as slowed:
            await rejoin(f'WRNGAA{number:02}')
        waits.append(slowed.value.seconds)
    assert waits == [2, 4, 8]
    with pytest.raises(NotFound):
        await rejoin('WRNGWRNG', address='203.0.113.2')


def test_an_address_has_three_hundred_wrong_guesses_and_then_one_each_second(time: Time) -> None:
    guesses = Guesses()
    for _ in range(guessing.OF_ADDRESS):
        guess(guesses, Origin(address=SCHOOL))

    with pytest.raises(TooManyAttempts):
        guesses.check(Origin(address=SCHOOL))
    guesses.check(Origin(address='203.0.113.2'))
    time.now += 1
    guesses.check(Origin(address=SCHOOL))
    guess(guesses, Origin(address=SCHOOL))
    with pytest.raises(TooManyAttempts):
        guesses.check(Origin(address=SCHOOL))


def test_a_browser_that_guesses_stops_itself_before_it_stops_its_school(time: Time) -> None:
    guesses = Guesses()
    for _ in range(guessing.OF_BROWSER):
        guess(guesses, Origin(address=SCHOOL, browser='guesser'))

    with pytest.raises(TooManyAttempts):
        guesses.check(Origin(address=SCHOOL, browser='guesser'))
    guesses.check(Origin(address=SCHOOL, browser='neighbour'))
    time.now += 10
    guesses.check(Origin(address=SCHOOL, browser='guesser'))


def test_when_many_addresses_guess_together_each_has_few_guesses_and_a_school_with_typing_errors_goes_on(
    time: Time,
) -> None:
    guesses = Guesses()
    thieves = [Origin(address=f'2001:db8:{number:x}::1') for number in range(25)]
    for origin in thieves:
        for _ in range(guessing.IN_ALL // len(thieves)):
            guess(guesses, origin)

    for origin in thieves:
        with pytest.raises(TooManyAttempts):
            guesses.check(origin)
    for _ in range(3):
        guess(guesses, Origin(address=SCHOOL))
    guesses.check(Origin(address=SCHOOL))


def test_right_ones_and_refusals_that_are_no_guesses_cost_nothing() -> None:
    guesses = Guesses()
    for _ in range(2 * guessing.OF_ADDRESS):
        with guesses.counted(Origin(address=SCHOOL)):
            pass
        with pytest.raises(Refused), guesses.counted(Origin(address=SCHOOL)):
            raise Refused('Joining this class is closed.', field='code')

    guesses.check(Origin(address=SCHOOL))


def test_the_waits_are_forgotten_after_an_hour_and_never_longer_than_a_quarter_of_one(time: Time) -> None:
    guesses = Guesses()
    waits = [guess(guesses, Origin(address=SCHOOL)) for _ in range(guessing.FREE + 20)]
    time.now += guessing.FORGOTTEN_AFTER + 1

    assert waits[: guessing.FREE] == [0] * guessing.FREE
    assert max(waits) == guessing.LONGEST_WAIT
    assert guess(guesses, Origin(address=SCHOOL)) == 0


@pytest.mark.parametrize(
    ('address', 'network'),
    [
        ('203.0.113.9', '203.0.113.9'),
        ('2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'),
        ('2001:db8:1:2::1', '2001:db8:1:2::/64'),
        ('::ffff:203.0.113.9', '203.0.113.9'),
        ('testclient', 'testclient'),
        ('x' * 500, 'x' * 45),
    ],
)
def test_a_host_with_a_network_of_its_own_is_one_place(address: str, network: str) -> None:
    assert network_of(address) == network


@pytest.mark.usefixtures('db')
async def test_a_class_takes_so_many_guests_and_says_what_the_instructor_can_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(guest_limits, 'MOST_GUESTS', 3)
    course, other = await a_course(), await a_course(title='Water')
    for number in range(3):
        await a_guest(code=course.code, name=f'Guest {number}')

    with pytest.raises(Refused, match=r'This class has 3 guests and takes no more\. Tell your instructor'):
        await a_guest(code=course.code, name='One too many')
    assert await a_guest(code=other.code, name='Somebody')


def test_one_browser_brings_so_many_guests_and_a_school_many_more(time: Time) -> None:
    for number in range(60):
        with joining.arriving(Origin(address=SCHOOL, browser=f'browser {number}')):
            pass
    for _ in range(20):
        with joining.arriving(Origin(address=SCHOOL, browser='shared')):
            pass
    with pytest.raises(ZeroDivisionError), joining.arriving(Origin(address=SCHOOL, browser='another')):
        raise ZeroDivisionError  # who is refused does not count

    with pytest.raises(TooManyAttempts, match='Ask your instructor'), joining.arriving(Origin(browser='shared')):
        pytest.fail('the twenty-first guest of one browser')
    time.now += 181
    with joining.arriving(Origin(address=SCHOOL, browser='shared')):
        pass


async def rejoin(code: str, *, address: str = SCHOOL) -> joining.Joined:
    return await database.write(joining.rejoin, code=code, device='Tablet', address=address)


def guess(guesses: Guesses, origin: Origin, refusal: DomainError = WRONG) -> int:
    """Guess wrong; returns the seconds that the guesser is told to wait."""
    try:
        guesses.count(origin, refusal)
    except TooManyAttempts as slowed:
        return slowed.seconds
    return 0


def test_other_processes_count_what_is_guessed_here_and_are_told_neither_address_nor_cookie(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(guessing, 'tell_others', None)
    line, origin = Line(), Origin(address=SCHOOL, browser='the cookie of a browser')
    guessing.share(line)  # type: ignore[arg-type]
    for _ in range(guessing.FREE):
        guessing.class_codes.count(origin, WRONG)
    said = b''.join(line.said)
    assert SCHOOL.encode() not in said
    assert b'cookie of' not in said

    guessing.clear()  # from here on we are the other process
    for each in line.said:
        line.hears('the first', orjson.loads(each))
    with pytest.raises(TooManyAttempts):
        guessing.class_codes.count(origin, WRONG)


def test_what_stands_for_an_address_is_found_out_by_trying_all_of_them_only_with_the_key_of_the_school(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(hidden_names, '_key', b'')
    stands = []
    for secret in ('the secret of a school', 'the secret of a school', 'another'):
        hidden_names.use_secret(secret)
        stands.append(hidden_names.hidden(SCHOOL))
    assert stands[0] == stands[1] != stands[2]
