"""Measures what other systems ask of Waymark: `python -m bench.lms_child <launches> <scores> <people> <statements>`.

Launches of LTI, scores to a gradebook of this machine beside taps, a school in OneRoster, and one long history as xAPI
statements. It runs on the empty database of the settings; its last line is JSON. The keys and signatures of the other
side are made in another process, or outside of what is measured.
"""

import asyncio
import csv
import io
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import uuid4

import orjson
import psutil  # type: ignore[import-untyped]
from sqlalchemy import insert

from bench import as_served
from bench.crowd import AT, Crowd, open_with, write_rows
from bench.figures import percentile
from bench.lms_platform import CLIENT_ID, DEPLOYMENT, BenchPlatform
from bench.mails_child import note_stops
from models import Activity, LtiIdentity, LtiLink, LtiScore, Mode, Role, SignIn, User, Verb, table
from services.access import Actor
from services.activity import taps
from services.activity.taps import Tap
from services.core import database, server_log
from services.core.transaction import Transaction
from services.lms import entering, logins, platforms, sending, services, statements
from services.people.oneroster import bringing_in, plan, reading

LEARNERS, CHECKPOINTS = 1_000, 20
CLASS_SIZE = 25
ADMIN = 9_000
TAPS_A_SECOND = 20
IN_ONE_GO = 100_000
MEGABYTE = 2**20


@dataclass(slots=True)
class Measured:
    """What a piece of work took."""

    seconds: float = 0.0
    cpu: float = 0.0
    stops: list[float] = field(default_factory=lambda: [0.0])
    """for how long the event loop stood still, each time"""


@contextmanager
def measured() -> Iterator[Measured]:
    """Note what the work inside takes."""
    found = Measured()
    beating = asyncio.create_task(note_stops(found.stops))
    began, cpu = time.perf_counter(), time.process_time()
    try:
        yield found
    finally:
        found.seconds, found.cpu = time.perf_counter() - began, time.process_time() - cpu
        beating.cancel()


async def measure(launches: int, scores: int, people: int, lines: int) -> dict[str, float]:
    """Return all figures."""
    _, crowd = await open_with(learners=max(LEARNERS, scores), checkpoints=CHECKPOINTS)
    admin = await database.write(_admin)
    as_served.tune()
    with BenchPlatform() as campus:
        await database.write(platforms.register, admin, campus.registration)
        await database.write(_link, crowd, campus.address)
        found = await _launches(campus, launches) | await _scores(crowd, campus, scores)
    return found | await _school(admin, people) | await _statements(crowd, lines)


async def _launches(campus: BenchPlatform, count: int) -> dict[str, float]:
    """Let people who are new here come from the platform, one after another."""
    begun = []
    with measured() as first:
        for _ in range(count):
            begin = partial(logins.begin, issuer=campus.address, client_id=CLIENT_ID, login_hint='1', message_hint='')
            begun.append(await database.write(begin, redirect_to='http://127.0.0.1/lti/launch'))
    asked = [parse_qs(urlsplit(each.address).query) for each in begun]
    now = int(time.time())
    signed = [campus.launch(f'new-{n}', each['nonce'][0], now) for n, each in enumerate(asked)]
    with measured() as second:
        for each, query, token in zip(begun, asked, signed, strict=True):
            ticket = await logins.take(id_token=token, state=query['state'][0])
            await database.write(entering.enter, ticket, browser=each.browser, device='bench')
    return {
        'launch cpu': (first.cpu + second.cpu) / count,
        'launch': (first.seconds + second.seconds) / count,
    }


async def _scores(crowd: Crowd, campus: BenchPlatform, count: int) -> dict[str, float]:
    """Send what waits, while others tap; before that, let them tap alone."""
    alone: list[float] = []
    await _tap(crowd, alone, 5 * TAPS_A_SECOND)
    await database.write(_scores_wait, crowd, campus.address, count)
    beside: list[float] = []
    tapping = asyncio.create_task(_tap(crowd, beside))
    with measured() as work:
        sent = await sending.send_due()
    tapping.cancel()
    with suppress(asyncio.CancelledError):
        await tapping
    return {
        'scores': sent,
        'scores per second': sent / work.seconds,
        'score cpu': work.cpu / max(1, sent),
        'scores stop': max(work.stops),
        'tap alone p99': percentile(sorted(alone), 99),
        'tap beside p99': percentile(sorted(beside), 99),
    }


async def _tap(crowd: Crowd, waits: list[float], count: int = sys.maxsize) -> None:
    """Let learners tap in turn at a steady rate, and note how long each receipt took."""
    for number in range(count):
        who, began = number % len(crowd.learners), time.perf_counter()
        tap = Tap(
            actor=crowd.learners[who],
            session_id=None,
            verb=Verb.COMPLETED,
            tap_id=uuid4().hex,
            checkpoint_id=crowd.checkpoints[-1],
        )
        await taps.take(tap)
        waits.append(time.perf_counter() - began)
        await asyncio.sleep(max(0.0, 1 / TAPS_A_SECOND - waits[-1]))


async def _school(admin: Actor, people: int) -> dict[str, float]:
    """Read an export, look at what it would do, and bring it in."""
    files = _export(people)
    with measured() as read:
        roster = await reading.read(files)
    with measured() as looked:
        shown = await database.read(plan.plan, admin, roster)
    with measured() as work:
        await bringing_in.bring_in(admin, roster, mark=shown.mark)
    every = (read, looked, work)
    return {
        'school': sum(each.seconds for each in every),
        'school cpu': sum(each.cpu for each in every),
        'school stop': max(max(each.stops) for each in every),
    }


async def _statements(crowd: Crowd, lines: int) -> dict[str, float]:
    """Read a long history of one learner from beginning to end, as a download does."""
    actor = crowd.learners[0]
    for first in range(0, lines, IN_ONE_GO):
        await asyncio.to_thread(_write_history, crowd, first, min(lines, first + IN_ONE_GO))
    process, count, after = psutil.Process(), 0, 0
    part = await database.read(statements.own, actor)
    memory = most = process.memory_info().rss
    with measured() as work:
        while True:
            count += len(part.statements)
            most = max(most, process.memory_info().rss)
            if part.next is None:
                break
            after = part.next
            part = await database.read(partial(statements.own, after=after), actor)
    return {
        'statements': count,
        'statements per second': count / work.seconds,
        'statements memory': (most - memory) / MEGABYTE,
        'statements stop': max(work.stops),
    }


def _admin(tx: Transaction) -> Actor:
    common = {'created_at': tx.now, 'updated_at': tx.now}
    tx.execute(insert(User), [{'id': ADMIN, 'name': 'Ada', 'plain_name': 'ada', 'role': Role.ADMIN, **common}])
    signed_in = {'token_hash': 'admin', 'device': 'bench', 'created_at': tx.now, 'seen_at': tx.now}
    tx.execute(insert(SignIn), [{'id': ADMIN, 'user_id': ADMIN, 'expires_at': AT.replace(year=2100), **signed_in}])
    return Actor(user_id=ADMIN, sign_in_id=ADMIN, role=Role.ADMIN, name='Ada', is_guest=False)


def _link(tx: Transaction, crowd: Crowd, address: str) -> None:
    """Let a link of the platform open the first checkpoint, with a column in the gradebook there."""
    tx.session.add(
        LtiLink(
            platform_id=1,
            deployment_id=DEPLOYMENT,
            resource_link_id='link-1',
            context_id='course-1',
            course_id=crowd.course_id,
            checkpoint_id=crowd.checkpoints[0],
            line_item=f'{address}/columns/1',
            scopes=[services.SCORE],
            seen_at=tx.now,
        )
    )


def _scores_wait(tx: Transaction, crowd: Crowd, address: str, count: int) -> None:
    """Let the grades of so many learners wait; those who have done nothing have none."""
    who = [each.user_id for each in crowd.learners[:count]]
    theirs = {'issuer': address, 'made_at': tx.now}
    tx.execute(insert(LtiIdentity), [{'subject': f'old-{id_}', 'user_id': id_, **theirs} for id_ in who])
    waiting = {'link_id': 1, 'due_at': tx.now, 'moved': 0, 'holder': '', 'attempts': 0, 'problem': ''}
    tx.execute(insert(table(LtiScore)), [{'user_id': id_, **waiting} for id_ in who])


def _export(people: int) -> list[tuple[str, bytes]]:
    """Return a school: classes of 25 with a teacher each, and every learner in two of them."""
    classes = max(2, people // CLASS_SIZE)
    learners = people - classes
    users = [['sourcedId', 'status', 'role', 'givenName', 'familyName', 'email', 'identifier']]
    users += [
        [f't{n}', 'active', 'teacher', 'Ines', f'Teacher {n}', f't{n}@school.org', f'{n}'] for n in range(classes)
    ]
    users += [[f's{n}', 'active', 'student', 'Lena', f'Learner {n}', '', f'{n}'] for n in range(learners)]
    groups = [['sourcedId', 'status', 'title'], *([f'c{n}', 'active', f'Class {n}'] for n in range(classes))]
    places = [['sourcedId', 'status', 'classSourcedId', 'userSourcedId', 'role', 'primary']]
    places += [[f'p{n}', 'active', f'c{n}', f't{n}', 'teacher', 'true'] for n in range(classes)]
    places += [
        [f'e{n}-{turn}', 'active', f'c{(n + turn) % classes}', f's{n}', 'student', 'false']
        for n in range(learners)
        for turn in range(2)
    ]
    names = ('users', 'classes', 'enrollments')
    said = [['propertyName', 'value'], ['manifest.version', '1.0'], ['oneroster.version', '1.1']]
    said += [['source.systemCode', 'SIS'], *([f'file.{name}', 'bulk'] for name in names)]
    tables = zip(names, (users, groups, places), strict=True)
    return [('manifest.csv', _csv(said)), *((f'{name}.csv', _csv(rows)) for name, rows in tables)]


def _csv(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


def _write_history(crowd: Crowd, first: int, last: int) -> None:
    rows: Iterator[dict[str, Any]] = (
        {
            'user_id': crowd.learners[0].user_id,
            'tap_id': f'bench:{number}',
            'verb': (Verb.COMPLETED if number % 2 else Verb.STARTED).value,
            'course_id': crowd.course_id,
            'checkpoint_id': crowd.checkpoints[number % CHECKPOINTS],
            'mode': Mode.SELF_PACED.value,
            'words': '',
            'at': AT,
            'happened_at': AT,
            'local_date': AT.date().isoformat(),
            'local_hour': AT.hour,
        }
        for number in range(first, last)
    )
    write_rows(database.engine(), Activity, rows)


def main() -> None:
    """Measure with the sizes of the arguments."""
    server_log.set_up('ERROR')
    launches, scores, people, lines = map(int, sys.argv[1:])
    found = asyncio.run(measure(launches, scores, people, lines))
    database.close()
    print(orjson.dumps(found).decode())


if __name__ == '__main__':
    main()
