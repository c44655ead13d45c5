"""Who may do what at any moment, whatever happened before: random histories against a plain model.

The model knows who is what, and nothing of rows. After each step every device that was ever handed out is asked, as a
browser (its token), as a page that stays open (its person, as they were then), and as a client of the API.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from models import Role
from services import access
from services.access import Actor
from services.accounts import administration, parent_codes, profiles, resets, sign_ins, tokens
from services.accounts.sign_ins import Entered
from services.core import database
from services.core.errors import DomainError, NotSignedIn
from services.core.transaction import Transaction
from services.courses import catalog
from services.live.stream import admission
from services.parents import links
from services.people import joining, merging, participants
from services.privacy import erasing
from tests.factories.classes import CourseAtHand, a_course
from tests.factories.people import a_guest, a_parent, a_student, an_admin, an_instructor

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures('db'), pytest.mark.req('A3', 'A7', 'O7')]

PEOPLE = ('pupil', 'guest', 'helper', 'owner', 'parent')
ABOUT_SOMEBODY = (
    *('joins', 'is taken out', 'is brought back', 'helps to teach', 'helps no more', 'takes one more device'),
    *('signs out', 'is signed out everywhere', 'is switched off', 'is switched on', 'is erased', 'asks for a link'),
    *('becomes student', 'becomes instructor', 'becomes parent', 'becomes admin'),
)
ABOUT_ALL = (
    *('archive', 'go on', 'delete', 'restore', 'new code', 'close the code'),
    *('link', 'end the link', 'block', 'unblock', 'merge', 'unmerge'),
)
Step = tuple[str, str]
steps = st.one_of(
    st.tuples(st.sampled_from(PEOPLE), st.sampled_from(ABOUT_SOMEBODY)),
    st.tuples(st.just(''), st.sampled_from(ABOUT_ALL)),
)


@dataclass(slots=True, eq=False)
class Device:
    """What somebody was given when they signed in."""

    whose: str
    actor: Actor
    token: str = ''
    """of a browser"""
    claim: tokens.Claim | None = None
    """of a client of the API"""
    is_signed_in: bool = True


@dataclass(slots=True, kw_only=True)
class Model:
    """What is true of the school."""

    root: Actor
    course: CourseAtHand
    ids: dict[str, int]
    roles: dict[str, Role]
    devices: list[Device]
    learns: set[str]
    helps: set[str] = field(default_factory=set)
    is_deleted: bool = False
    is_linked: bool = True
    is_merged: bool = False
    """whether the guest has turned out to be the pupil"""
    set_aside: set[str] = field(default_factory=set)

    def teaches(self, who: str) -> bool:
        role = self.roles[who]
        return not self.is_deleted and (
            role is Role.ADMIN or (role is Role.INSTRUCTOR and (who == 'owner' or who in self.helps))
        )

    def takes_part(self, who: str) -> bool:
        return not self.is_deleted and who in self.learns

    def sees_child(self, who: str) -> bool:
        is_pair = who == 'parent' and self.is_linked
        return is_pair and self.roles['parent'] is Role.PARENT and self.roles['pupil'] is Role.STUDENT

    def is_student_of(self, who: str, learner: str) -> bool:
        """Whether somebody may be asked about as a learner by `who`."""
        if self.roles[who] is Role.ADMIN:
            return True
        return self.teaches(who) and self.takes_part(learner) and self.roles[learner] is Role.STUDENT

    def end_devices(self, who: str) -> None:
        for device in self.devices:
            device.is_signed_in &= device.whose != who


async def begin() -> Model:
    owner, helper, pupil = await an_instructor(), await an_instructor(), await a_student()
    course = await a_course(by=owner)
    await a_course(by=await an_instructor())  # of others
    await database.write(joining.join, pupil, code=course.code)
    guest, parent = await a_guest(code=course.code), await a_parent(of=pupil)
    people = {'pupil': pupil, 'guest': guest, 'helper': helper, 'owner': owner, 'parent': parent}
    model = Model(
        root=await an_admin(),
        course=course,
        ids={who: actor.user_id for who, actor in people.items()},
        roles={who: actor.role for who, actor in people.items()},
        devices=[Device(who, actor) for who, actor in people.items()],
        learns={'pupil', 'guest'},
    )
    for who in people:
        await _sign_in(model, who)
    return model


async def _sign_in(model: Model, who: str) -> None:
    entered: Entered = await database.write(sign_ins.enter, model.ids[who], 'Tablet')
    model.devices.append(Device(who, entered.actor, token=entered.token))
    client = await database.write(tokens.enter, model.ids[who], 'Client')
    claim = tokens.read(client.access_token)
    holder = await database.read(tokens.holder, claim)
    model.devices.append(Device(who, holder.actor, claim=claim))


async def take(model: Model, who: str, what: str) -> None:
    """Let something happen, to the school and, unless the school refuses it, to the model."""
    with suppress(DomainError):
        if who:
            await _happens(model, who, what)
        else:
            await _changes(model, what)


async def _happens(model: Model, who: str, what: str) -> None:
    root, course_id, user_id = model.root, model.course.course_id, model.ids[who]
    if what == 'joins':
        latest = [device for device in model.devices if device.whose == who][-1]
        facts = await database.read(catalog.facts, root, course_id)
        await database.write(joining.join, latest.actor, code=facts.code)
        if not model.teaches(who):
            model.learns.add(who)
    elif what == 'is taken out':
        await database.write(participants.remove, root, course_id, user_id=user_id)
        model.learns.discard(who)
    elif what == 'is brought back':
        await database.write(participants.bring_back, root, course_id, user_id=user_id)
        model.learns.add(who)
    elif what == 'helps to teach':
        email = (await database.read(administration.one, root, user_id=user_id)).email or ''
        await database.write(catalog.add_co_instructor, root, course_id, email=email)
        model.helps.add(who)
    elif what == 'helps no more':
        await database.write(catalog.remove_co_instructor, root, course_id, user_id=user_id)
        model.helps.discard(who)
    elif what == 'takes one more device':
        await _sign_in(model, who)
    elif what == 'signs out':
        first = next(device for device in model.devices if device.whose == who)
        await database.write(sign_ins.sign_out, first.actor)
        first.is_signed_in = False
    elif what == 'asks for a link':
        link = await database.write(resets.make_link, root, user_id=user_id)
        entered = await database.write(resets.come_back, link, device='Phone')
        model.devices.append(Device(who, entered.actor, token=entered.token))
        with pytest.raises(DomainError):
            await database.write(resets.come_back, link, device='Phone of somebody else')
    else:
        await _is_changed(model, who, what)


async def _is_changed(model: Model, who: str, what: str) -> None:
    root, user_id = model.root, model.ids[who]
    if what == 'is erased':
        await erasing.erase(root, user_id)
        await erasing.purge(user_id)
        model.is_linked &= who not in {'parent', 'pupil'}
        if who == 'pupil' and model.is_merged:
            model.end_devices('guest')
    elif what == 'is signed out everywhere':
        await database.write(administration.sign_out, root, user_id=user_id)
    elif what == 'is switched off':
        await database.write(administration.disable, root, user_id=user_id)
    elif what == 'is switched on':
        await database.write(administration.enable, root, user_id=user_id)
        return
    else:
        role = Role(what.removeprefix('becomes '))
        if role is model.roles[who]:
            return
        await database.write(administration.change_role, root, user_id=user_id, role=role)
        model.roles[who] = role
        model.is_linked &= who not in {'parent', 'pupil'}
    model.end_devices(who)


async def _changes(model: Model, what: str) -> None:
    root, course_id, ids = model.root, model.course.course_id, model.ids
    child = {'child_id': ids['pupil'], 'parent_id': ids['parent']}
    if what in {'archive', 'go on'}:
        await database.write(catalog.archive, root, course_id, archived=what == 'archive')
    elif what in {'delete', 'restore'}:
        await database.write(catalog.delete if what == 'delete' else catalog.restore, root, course_id)
        model.is_deleted = what == 'delete'
    elif what == 'new code':
        old = (await database.read(catalog.facts, root, course_id)).code
        await database.write(catalog.renew_code, root, course_id)
        with pytest.raises(DomainError):
            await a_guest(code=old, name='Somebody late')
    elif what == 'close the code':
        await database.write(catalog.open_code, root, course_id, is_open=False)
    elif what == 'link':
        code = (await database.write(parent_codes.make, root, child_id=ids['pupil'])).code
        parent = [device for device in model.devices if device.whose == 'parent'][-1].actor
        await database.write(parent_codes.add_child, parent, code=code)
        model.is_linked = True
    elif what == 'unblock':
        await database.write(links.unblock, root, **child)
    elif what == 'merge':
        await database.write(merging.merge, root, course_id, guest_id=ids['guest'], into_id=ids['pupil'])
        model.set_aside = model.learns & {'guest'}
        model.is_merged = True
        model.learns.discard('guest')
    elif what == 'unmerge':
        await database.write(merging.unmerge, root, course_id, guest_id=ids['guest'])
        model.learns |= model.set_aside
        model.is_merged = False
    else:
        verb = links.end if what == 'end the link' else links.block
        await database.write(verb, root, **child)
        model.is_linked = False


Ask = Callable[[Transaction, Actor], object]


def questions(model: Model, who: str) -> dict[str, tuple[Ask, bool]]:
    """Return what somebody may ask for, and whether they may, if they are signed in."""
    course, ids = model.course.course_id, model.ids
    teaches, takes_part, is_admin = model.teaches(who), model.takes_part(who), model.roles[who] is Role.ADMIN
    asked: dict[str, tuple[Ask, bool]] = {
        'the course': (lambda tx, actor: access.course(tx, actor, course), teaches or takes_part),
        'its people': (lambda tx, actor: participants.of_course(tx, actor, course), teaches),
        'a course of others': (lambda tx, actor: access.course(tx, actor, course + 1), is_admin),
        'the school': (administration.people, is_admin),
        'themselves': (profiles.own, True),
        'the child': (lambda tx, actor: access.child(tx, actor, ids['pupil']), model.sees_child(who)),
    }
    for learner in ('pupil', 'guest'):
        is_here = model.takes_part(learner)
        asked[f'to speak for the {learner}'] = (
            partial(parent_codes.concerned, child_id=ids[learner]),
            model.roles[who] is not Role.PARENT if who == learner else model.is_student_of(who, learner),
        )
        asked[f'how the {learner} does'] = (
            partial(access.learner, user_id=ids[learner], course_id=course),
            is_here and (who == learner or teaches),
        )
    return asked


async def assert_rights_are_as_the_model_says(model: Model) -> None:
    found = await database.read(_rights, model)
    wrong = {
        (place, device.whose, what): found[place, device.whose, what]
        for place, device in enumerate(model.devices)
        for what, (_, may) in _asked_of(model, device).items()
        if found[place, device.whose, what] is not (device.is_signed_in and may)
    }
    assert wrong == {}, model


def _asked_of(model: Model, device: Device) -> dict[str, tuple[Ask, bool]]:
    asked = questions(model, device.whose)
    if device.token:
        asked['a page'] = (lambda tx, actor: _resolved(tx, device.token), True)
    if device.claim:
        asked['the API'] = (partial(_held, device.claim), True)
    for kind, seat in _seats(model, device).items():
        asked[f'to stay {kind}'] = (partial(_stays, seat=seat), _may_stay(model, device, kind))
    return asked


def _seats(model: Model, device: Device) -> dict[str, admission.AnySeat]:
    course, (user_id, sign_in_id) = model.course.course_id, (device.actor.user_id, device.actor.sign_in_id)
    return {
        'as a learner': admission.Seat(user_id=user_id, sign_in_id=sign_in_id, course_id=course, learns=True),
        'as a teacher': admission.Seat(user_id=user_id, sign_in_id=sign_in_id, course_id=course, learns=False),
        'as a parent': admission.ParentSeat(user_id=user_id, sign_in_id=sign_in_id, child_id=model.ids['pupil']),
    }


def _may_stay(model: Model, device: Device, kind: str) -> bool:
    who = device.whose
    return {
        'as a learner': model.takes_part(who),
        'as a teacher': model.teaches(who),
        'as a parent': who == 'parent' and model.is_linked,
    }[kind]


def _resolved(tx: Transaction, token: str) -> None:
    if sign_ins.resolve(tx, token) is None:
        raise NotSignedIn


def _held(claim: tokens.Claim, tx: Transaction, _: Actor) -> None:
    tokens.holder(tx, claim)


def _stays(tx: Transaction, actor: Actor, seat: admission.AnySeat) -> None:
    if seat not in admission.admitted(tx, [actor], [seat]).seats:
        raise NotSignedIn


def _rights(tx: Transaction, model: Model) -> dict[tuple[int, str, str], bool]:
    return {
        (place, device.whose, what): _may(tx, device.actor, ask)
        for place, device in enumerate(model.devices)
        for what, (ask, _) in _asked_of(model, device).items()
    }


def _may(tx: Transaction, actor: Actor, ask: Ask) -> bool:
    try:
        ask(tx, actor)
    except DomainError:
        return False
    return True


@settings(
    max_examples=6,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(history=st.lists(steps, min_size=3, max_size=10))
@example(history=[('helper', 'helps to teach'), ('helper', 'becomes student'), ('helper', 'joins'), ('', 'delete')])
@example(history=[('', 'merge'), ('guest', 'asks for a link'), ('pupil', 'is erased'), ('', 'unmerge')])
@example(history=[('', 'block'), ('', 'link'), ('', 'unblock'), ('', 'link'), ('pupil', 'becomes instructor')])
@example(history=[('pupil', 'becomes instructor'), ('pupil', 'becomes student'), ('parent', 'takes one more device')])
async def test_rights_are_as_what_has_happened_says(begin_anew: Callable[[], None], history: list[Step]) -> None:
    begin_anew()
    model = await begin()
    await assert_rights_are_as_the_model_says(model)
    for who, what in history:
        await take(model, who, what)
        await assert_rights_are_as_the_model_says(model)
