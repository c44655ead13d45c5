"""A learning management system with Greek names, a link of it to a course, and a teacher who is choosing."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select
from sqlmodel import col

from models import Enrollment, LtiLink, LtiLogin, LtiMilestone, LtiPlatform, LtiReading, LtiResult, LtiScore
from services.access import Actor
from services.core import database
from services.core.secrets import new_token, token_hash
from services.core.transaction import Transaction
from services.lms import services
from services.lms.messages import Launch


async def greek_lms(teacher: Actor, course_id: int) -> dict[str, str]:
    """Return the addresses of what a teacher sees who comes from there."""
    ticket, welcome, who = await database.write(_write, teacher, course_id)
    return {
        'choose': f'/lti/choose?link={ticket}',
        'course': f'/lti/choose?link={ticket}&course={course_id}',
        'welcome': f'/lti/welcome?link={welcome}',
        'who': f'/lti/who?link={who}',
    }


def _write(tx: Transaction, teacher: Actor, course_id: int) -> tuple[str, str, str]:
    platform = LtiPlatform(
        name='Σχολή',
        issuer='https://127.0.0.1',
        client_id='1',
        deployments=['1'],
        auth_login_url='https://127.0.0.1/1',
        auth_token_url='https://127.0.0.1/2',
        key_set_url='https://127.0.0.1/3',
        created_at=tx.now,
    )
    tx.session.add(platform)
    tx.session.flush()
    launch = Launch(
        subject='1',
        name='Ρέα',
        roles=(),
        deployment_id='1',
        is_deep_linking=True,
        context_id='1',
        context_title='Άλγεβρα',
    )
    ticket = _login(tx, platform, launch, teacher.user_id)
    welcome = _login(tx, platform, replace(launch, subject='2', roles=('Instructor',)))
    who = _login(tx, platform, replace(launch, subject='3', roles=('Learner',), is_deep_linking=False))
    link = LtiLink(
        platform_id=platform.id,
        deployment_id='1',
        resource_link_id='1',
        context_title='Άλγεβρα',
        course_id=course_id,
        line_items='https://127.0.0.1/4',
        scopes=[services.RESULT, services.LINE_ITEM, services.SCORE],
        sends_milestones=True,
        seen_at=tx.now,
    )
    tx.session.add(link)
    tx.session.flush()
    tx.session.add(LtiReading(link_id=link.id, due_at=tx.now + timedelta(days=1), read_at=tx.now))
    milestone = LtiMilestone(link_id=link.id)
    tx.session.add(milestone)
    tx.session.flush()
    here = select(col(Enrollment.user_id)).where(col(Enrollment.course_id) == course_id).order_by(col(Enrollment.id))
    for place, user_id in enumerate(tx.execute(here.limit(2)).scalars()):
        tx.session.add(LtiScore(link_id=link.id, milestone_id=milestone.id, user_id=user_id, due_at=tx.now))
        drift = LtiResult(link_id=link.id, user_id=user_id, score=50 + place, comment='Ξ', read_at=tx.now)
        drift.differs_since = tx.now
        if place:
            drift.ignored_at, drift.ignored_score = tx.now, drift.score
        tx.session.add(drift)
    return ticket, welcome, who


def _login(tx: Transaction, platform: LtiPlatform, launch: Launch, user_id: int | None = None) -> str:
    """Write down a launch that does not end while the tests run, and that any browser without a cookie has begun."""
    ticket = new_token()
    tx.session.add(
        LtiLogin(
            platform_id=platform.id,
            state_hash=token_hash(new_token()),
            nonce_hash='',
            browser_hash=token_hash(''),
            ticket_hash=token_hash(ticket),
            claims=launch.stored,
            user_id=user_id,
            created_at=tx.now + timedelta(days=1),
        )
    )
    return ticket
