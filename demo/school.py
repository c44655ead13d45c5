"""A demo school in a database of its own, and a demo class that moves by itself. Calls services only."""

import os
from datetime import datetime, timedelta

from demo import history, history_course, live_class, self_paced
from demo.live_class import Classmates
from services import followers
from services.access import Actor
from services.accounts import parent_codes, registration, sign_ins
from services.accounts.registration import NewAccount
from services.activity.following import Running
from services.analytics import school_releases
from services.analytics.prediction import nightly
from services.core import clock, database
from services.core.secrets import spell_code
from services.courses import catalog, checkpoints, course_cards, modules, outline
from services.enums import Role
from services.live import rooms, sessions
from services.people import joining as people_joining
from services.privacy import rows
from settings import Settings

PASSWORD = 'waymark demo'  # noqa: S105 - the demo is for everybody
ADMIN = ('Olga Admin', 'admin@example.org')
INSTRUCTOR = ('Ada Lovelace', 'ada@example.org')
STUDENT = ('Sam Rivera', 'sam@example.org')
PARENT = ('Maria Rivera', 'mum@example.org')

WELCOME = f"""
**This is a demo.** Nobody here is real. [Sign in](/sign-in) as one of these people and look around.
The password is **{PASSWORD}**.

- **{INSTRUCTOR[1]}** leads the class that is on now.
- **{STUDENT[1]}** learns, in class and at home.
- **{PARENT[1]}** sees how the week of their child goes.
- **{ADMIN[1]}** looks after the whole school.
"""
"""what a stranger reads on the start page of the demo"""

COURSE = 'What is in our soil?'
MODULES = {
    'Prepare': """
        Put on gloves and goggles (2 min)
        Label your five tubes (3 min)
        Weigh 2 g of soil (4 min)
        Wet the sample with 5 ml of water (3 min)
        Shake for one minute (2 min)
    """,
    'Measure': """
        Let it settle and draw what you see (8 min)
        Measure the temperature (3 min)
        Measure the pH (5 min)
        Compare with the colour chart (4 min)
        Repeat with the second sample (8 min)
        Write down both results (3 min)
    """,
    'Understand': """
        Which of your samples holds more water? (5 min)
        Explain one difference to your neighbour (5 min)
        What would grow well here? (6 min)
        Clean your place (3 min)
    """,
}


async def open_school(config: Settings) -> None:
    """Make the school if it is not there yet, let its class go on, and say how to get in."""
    instructor, student = await _school()
    course_id, code = await _course(instructor)
    await database.write(people_joining.join, student, code=code)
    await self_paced.make_course(instructor, student)
    await database.write(sessions.start, instructor, course_id)
    room = await rooms.enter(course_id)
    address = config.public_url or f'http://localhost:{config.port}'
    print(
        f'\n  The Waymark demo is at {address}\n\n'
        f'  Instructor   {INSTRUCTOR[1]}     see the class: {address}/courses/{course_id}/live\n'
        f'  Student      {STUDENT[1]}\n'
        f'  Parent       {PARENT[1]}     how the week of {STUDENT[0]} goes, best on a phone\n'
        f'  Admin        {ADMIN[1]}\n'
        f'  Password     {PASSWORD}\n'
        f'  Class code   {spell_code(code)}             join it: {address}/j/{code}\n',
        flush=True,
    )
    live_class.play(
        live_class.hold_classes(room, instructor, Classmates(code=code, kept=config.data_dir / 'classmates.json'))
    )


async def _school() -> tuple[Actor, Actor]:
    """Let the people with accounts sign in; the first time they register, and live through a term."""
    if not await database.read(registration.is_set_up):
        now = clock.now()
        begins = history_course.first_day(now)
        instructor, student = await first_people(begins - timedelta(days=1))
        await make_family(student, begins - timedelta(days=1))
        course_id = await history.live_term(
            instructor=instructor,
            sam=student,
            password=PASSWORD,
            begins=begins,
            now=now,
            learners=int(os.environ.get('DEMO_LEARNERS') or history.ALL),
        )
        await _first_night(course_id)
    return await _enter(INSTRUCTOR[1]), await _enter(STUDENT[1])


async def _enter(email: str) -> Actor:
    """Sign in without a password, which need not be enough: people who try the demo may set a second factor up."""
    return (await database.write(lambda tx: sign_ins.enter(tx, rows.find(tx, email), 'Demo'))).actor


async def _first_night(course_id: int) -> None:
    """Let everything that follows the record catch up with the term, and say what a night says of it."""
    for follower in followers.ALL:
        await Running(follower).catch_up()
    await nightly.make(course_id)
    await database.write(school_releases.forget)  # a job may have drawn while the term was written
    await school_releases.release()


async def first_people(moment: datetime) -> tuple[Actor, Actor]:
    """Register the admin, the instructor and a learner at a moment of the past."""
    link = await history.at(moment, registration.set_up_link)
    admin = await _register(*ADMIN, moment=moment, invitation=link or '')
    invitation = await history.at(moment, lambda tx: registration.invite_instructor(tx, admin))
    instructor = await _register(*INSTRUCTOR, moment=moment, invitation=invitation)
    return instructor, await _register(*STUDENT, moment=moment)


async def make_family(student: Actor, moment: datetime) -> Actor:
    """Register a parent of the learner at a moment of the past, with a code that the learner made."""
    made = await history.at(moment, lambda tx: parent_codes.make(tx, student, child_id=student.user_id))
    return await _register(*PARENT, moment=moment, role=Role.PARENT, code=made.code)


async def _register(
    name: str, email: str, *, moment: datetime, invitation: str = '', role: Role = Role.STUDENT, code: str = ''
) -> Actor:
    new = NewAccount(name=name, email=email, password=PASSWORD, invitation=invitation, role=role, code=code)
    checked = await registration.check(new)
    entered = await history.at(moment, lambda tx: sign_ins.enter(tx, registration.create(tx, checked), 'Demo'))
    return entered.actor


async def _course(instructor: Actor) -> tuple[int, str]:
    for card in await database.read(course_cards.taught, instructor):
        if card.title == COURSE:
            return card.course_id, card.code
    course_id = await database.write(
        catalog.create, instructor, title=COURSE, subject='Biology', description='Two samples, one hour, five tubes.'
    )
    for module in await database.read(outline.sections, instructor, course_id):
        await database.write(modules.delete, instructor, module.module_id)
    for title, lines in MODULES.items():
        module_id = await database.write(modules.add, instructor, course_id, title=title)
        await database.write(checkpoints.add, instructor, module_id, lines=lines)
    return course_id, (await database.read(catalog.facts, instructor, course_id)).code
