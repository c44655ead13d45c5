"""A program that asks every three seconds how a big class stands: what one answer takes, over loopback."""

import time

import aiohttp

from bench import school
from bench.build_school import PASSWORD
from bench.figures import Table, percentile
from bench.load import quiet_collector
from bench.server import Home, Server, launched

STUDENTS, CHECKPOINTS = 500, 30
QUESTIONS, WARM_UP = 300, 30


async def snapshot_round(table: Table) -> None:
    """One connection asks one question after the other: what has moved, what has not, and what it has itself."""
    with Home() as home:
        home.environment['API_REQUESTS_PER_SECOND'] = '1000000'
        course = await school.prepare(home, checkpoints=CHECKPOINTS, students=STUDENTS)
        async with Server(home, launched('main.py')), aiohttp.ClientSession() as session:
            program = await _Program.signed_in(session, f'{home.origin}/api', course.course_id)
            with quiet_collector():
                moved = [await program.ask_after_a_change(number) for number in range(QUESTIONS)]
                same = [await program.ask() for _ in range(QUESTIONS)]
                known = [await program.ask(known=program.tag) for _ in range(QUESTIONS)]
    for key, times in ('moved', moved), ('same', same), ('known', known):
        for percent in 50, 95:
            table.ours(f'snapshot {key} p{percent}', 1000 * percentile(times[WARM_UP:], percent))
    print(f'  {program.size / 1000:.0f} kB', flush=True)


class _Program:
    """The instructor's script."""

    def __init__(self, session: aiohttp.ClientSession, address: str, token: str) -> None:
        self._session = session
        self._address = address
        self._headers = {'authorization': f'Bearer {token}'}
        self.tag = ''
        self.size = 0

    @classmethod
    async def signed_in(cls, session: aiohttp.ClientSession, api: str, course_id: int) -> '_Program':
        account = {'email': 'Instructor@example.org', 'password': PASSWORD}
        async with session.post(f'{api}/auth/login', json=account) as answer:
            token = (await answer.json())['access_token']
        return cls(session, f'{api}/courses/{course_id}/live', token)

    async def ask(self, *, known: str = '') -> float:
        """Ask how the class stands, as if the state with this tag were `known`; returns how long the answer took."""
        headers = self._headers | ({'if-none-match': known} if known else {})
        start = time.perf_counter()
        async with self._session.get(self._address, headers=headers) as answer:
            body = await answer.read()
        seconds = time.perf_counter() - start
        expected = 304 if known and known == self.tag else 200
        if answer.status != expected:
            raise RuntimeError(f'{answer.status} instead of {expected}: {body[:200]!r}')
        self.tag = answer.headers['etag']
        self.size = len(body) or self.size
        return seconds

    async def ask_after_a_change(self, number: int) -> float:
        """Ask when there is something new."""
        pause = {'reason': f'Reason {number}'}
        async with self._session.post(f'{self._address}/pause', json=pause, headers=self._headers) as answer:
            answer.raise_for_status()
        return await self.ask(known=f'"{number}"')
