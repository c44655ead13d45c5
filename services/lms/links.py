"""Links in courses of platforms: what each of them opens here, and who chooses that."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlmodel import col

from models import Checkpoint, Course, LtiLink, LtiPlace
from services import access
from services.access import Actor
from services.core.errors import Invalid, NotFound
from services.core.secrets import new_token
from services.core.transaction import Transaction
from services.lms import logins, milestones
from services.lms.logins import Open
from services.lms.messages import Launch
from services.lms.platforms import Platform
from services.lms.roles import Part, part_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a link opens: a course, its class, or one checkpoint."""

    course_id: int
    checkpoint_id: int | None = None
    in_class: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a teacher has chosen, as the platform is to keep it."""

    key: str
    title: str
    target: Target


def opened(tx: Transaction, platform: Platform, launch: Launch) -> LtiLink | None:
    """Return the link of a launch, which is made where its key says what it opens; None where a teacher has to choose.

    A key that arrives from another course than the one it was made for was copied there: it opens nothing by itself.
    """
    link = _stored(tx, platform, launch)
    if link is None:
        place = _offered(tx, platform, launch)
        if place is None:
            return None
        link = _new(tx, platform, launch, _target(place))
    _note_services(tx, link, launch)
    return link


def choose(tx: Transaction, actor: Actor | None, ticket: str, target: Target) -> Target:
    """Let the link of a launch open something of a course that the actor teaches."""
    actor = access.signed_in(tx, actor)
    login = logins.of_actor(tx, actor, ticket)
    _check(tx, actor, target)
    if login.launch.is_deep_linking:
        raise NotFound('Choose what the platform is to be offered.')
    if part_of(login.launch.roles) is not Part.TEACHES:  # they may teach here, and learn there
        raise NotFound('Nobody has chosen yet what opens here. Ask your teacher to open this link once.')
    link = _stored(tx, login.platform, login.launch) or _new(tx, login.platform, login.launch, target)
    if link.course_id != target.course_id:
        milestones.forget(tx, link)
    link.course_id, link.checkpoint_id, link.in_class = target.course_id, target.checkpoint_id, target.in_class
    _note_services(tx, link, login.launch)
    tx.note('link chosen', link=link.id, course=target.course_id, by=actor.user_id)
    return target


def offer(tx: Transaction, actor: Actor | None, ticket: str, target: Target) -> tuple[Open, Offer]:
    """Make the key with which a platform's link opens something of a course that the actor teaches."""
    actor = access.signed_in(tx, actor)
    login = logins.of_actor(tx, actor, ticket)
    if not login.launch.is_deep_linking:
        raise NotFound('This launch does not ask for something to be added.')
    title = _check(tx, actor, target)
    place = LtiPlace(
        key=new_token(),
        platform_id=login.platform.platform_id,
        context_id=login.launch.context_id,
        course_id=target.course_id,
        checkpoint_id=target.checkpoint_id,
        in_class=target.in_class,
        made_by=actor.user_id,
        made_at=tx.now,
    )
    tx.session.add(place)
    logins.keep_choice(tx, login, place.key)
    tx.note('link offered', course=target.course_id, platform=place.platform_id, by=actor.user_id)
    return login, Offer(key=place.key, title=title, target=target)


def chosen(tx: Transaction, frame: str) -> tuple[Open, Offer]:
    """Return what was chosen in the window that a frame has opened; its name is known to that frame alone."""
    login, key = logins.of_frame(tx, frame)
    place = tx.session.scalars(select(LtiPlace).where(col(LtiPlace.key) == key)).one()
    checkpoint = tx.session.get(Checkpoint, place.checkpoint_id) if place.checkpoint_id else None
    title = checkpoint.title if checkpoint else tx.session.get_one(Course, place.course_id).title
    return login, Offer(key=key, title=title, target=_target(place))


def is_open(tx: Transaction, course_id: int) -> bool:
    """Tell whether a course can be entered by a link: it is there, and not archived."""
    course = tx.session.get(Course, course_id)
    return course is not None and course.deleted_at is None and course.archived_at is None


def _check(tx: Transaction, actor: Actor, target: Target) -> str:
    """Return the title of what a link is to open; it must be of a course that the actor teaches."""
    course = access.taught_course(tx, actor, target.course_id)
    if target.checkpoint_id is None:
        return course.title
    checkpoint = access.taught_checkpoint(tx, actor, target.checkpoint_id)
    if checkpoint.course_id != course.id or target.in_class:
        raise Invalid('Choose a course, its class, or one step of it.')
    return checkpoint.title


def _stored(tx: Transaction, platform: Platform, launch: Launch) -> LtiLink | None:
    one = (
        col(LtiLink.platform_id) == platform.platform_id,
        col(LtiLink.deployment_id) == launch.deployment_id,
        col(LtiLink.resource_link_id) == launch.resource_link_id,
    )
    found: LtiLink | None = tx.session.scalars(select(LtiLink).where(*one)).one_or_none()
    return found


def _offered(tx: Transaction, platform: Platform, launch: Launch) -> LtiPlace | None:
    if not launch.place:
        return None
    same = (
        col(LtiPlace.key) == launch.place,
        col(LtiPlace.platform_id) == platform.platform_id,
        col(LtiPlace.context_id) == launch.context_id,
    )
    found: LtiPlace | None = tx.session.scalars(select(LtiPlace).where(*same)).one_or_none()
    return found


def _new(tx: Transaction, platform: Platform, launch: Launch, target: Target) -> LtiLink:
    link = LtiLink(
        platform_id=platform.platform_id,
        deployment_id=launch.deployment_id,
        resource_link_id=launch.resource_link_id,
        course_id=target.course_id,
        checkpoint_id=target.checkpoint_id,
        in_class=target.in_class,
        seen_at=tx.now,
    )
    tx.session.add(link)
    return link


def _note_services(tx: Transaction, link: LtiLink, launch: Launch) -> None:
    """Keep where the gradebook and the class list of a link are; a column that was made from here is kept.

    Platforms offer some of it to teachers alone, so a learner's launch takes nothing away that is known.
    """
    link.seen_at = tx.now
    tx.session.add(link)
    if part_of(launch.roles) is not Part.TEACHES and (link.line_item or link.line_items or link.roster):
        tx.session.flush()
        return
    link.context_id, link.context_title = launch.context_id, launch.context_title
    if launch.line_items != link.line_items:
        link.line_item = ''
    link.line_item = launch.line_item or link.line_item
    link.line_items, link.scopes, link.roster = launch.line_items, list(launch.scopes), launch.roster
    tx.session.flush()


def _target(place: LtiPlace) -> Target:
    return Target(course_id=place.course_id, checkpoint_id=place.checkpoint_id, in_class=place.in_class)
