"""A learning management system with Greek names, a link of it to a course, and a teacher who is choosing."""

from models import LtiLink, LtiLogin, LtiPlatform
from services.access import Actor
from services.core import database
from services.core.database import Transaction
from services.core.secrets import new_token, token_hash
from services.lms.messages import Launch


async def greek_lms(teacher: Actor, course_id: int) -> dict[str, str]:
    """Return the addresses of what a teacher sees who comes from there."""
    ticket = await database.write(_write, teacher, course_id)
    return {'choose': f'/lti/choose?link={ticket}', 'course': f'/lti/choose?link={ticket}&course={course_id}'}


def _write(tx: Transaction, teacher: Actor, course_id: int) -> str:
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
    ticket = new_token()
    tx.session.add(
        LtiLogin(
            platform_id=platform.id,
            state_hash=token_hash(new_token()),
            nonce_hash='',
            browser_hash='',
            ticket_hash=token_hash(ticket),
            claims=launch.stored,
            user_id=teacher.user_id,
            created_at=tx.now,
        )
    )
    tx.session.add(
        LtiLink(
            platform_id=platform.id,
            deployment_id='1',
            resource_link_id='1',
            context_title='Άλγεβρα',
            course_id=course_id,
            line_items='https://127.0.0.1/4',
            seen_at=tx.now,
        )
    )
    return ticket
