"""Certificates: issued with the last checkpoint, for good, one for each completion, and corrected by those who
teach.
"""

import pytest
from sqlalchemy import delete, update
from sqlmodel import col

from models import Activity, Certificate, User, Verb
from services import verify
from services.access import Actor
from services.certificates import issuing, lookup, reissuing
from services.certificates.lookup import Validity
from services.core import database
from services.core.errors import Invalid, NotFound, NotSignedIn, Refused, TooManyAttempts
from services.core.transaction import Transaction
from services.courses import catalog, checkpoints
from services.people import merging, participants
from services.progress import completions
from tests.factories.classes import (
    ClassAtHand,
    a_class,
    a_course,
    assert_log_and_projections_agree,
    mark,
    percent,
    tap,
    undo,
)
from tests.factories.people import a_guest, a_student, an_instructor
from tests.support.certificates import certificates_of, the_certificate_of

pytestmark = [pytest.mark.both_databases, pytest.mark.usefixtures('db'), pytest.mark.req('S10')]


async def test_it_is_there_with_the_last_checkpoint_and_not_before() -> None:
    course = await a_course(checkpoints=2, title='Soil')
    lena = await a_guest(code=course.code, name='Lena Learner')

    await mark(course.checkpoints[0], by=lena)
    assert await certificates_of(lena) == []
    await mark(course.checkpoints[1], by=lena)

    certificate = await the_certificate_of(lena)
    assert (certificate.name, certificate.course_title, certificate.issued_by) == ('Lena Learner', 'Soil', None)
    assert certificate.completed_at == certificate.issued_at
    assert (certificate.attempts, certificate.problem, certificate.rendered_at) == (0, '', None)
    await assert_log_and_projections_agree()


async def test_no_completion_without_its_certificate(monkeypatch: pytest.MonkeyPatch) -> None:
    klass = await a_class(checkpoints=1)

    def fail(*_: object) -> None:
        raise RuntimeError('no certificate')

    monkeypatch.setattr(issuing, 'issue', fail)
    with pytest.raises(RuntimeError, match='no certificate'):
        await tap(klass, klass.checkpoints[0])

    assert await percent(klass, klass.learner) == 0
    await assert_log_and_projections_agree()


async def test_a_deletion_that_lifts_three_people_gives_each_of_them_one() -> None:
    klass = await a_class(checkpoints=2, learners=['Ada', 'Ben', 'Cleo', 'Dan'])
    *three, dan = klass.learners
    for learner in three:
        await tap(klass, klass.checkpoints[0], by=learner)

    await database.write(checkpoints.delete, klass.teacher, klass.checkpoints[1])

    issued = await certificates_of(*klass.learners)
    assert [each.name for each in issued] == ['Ada', 'Ben', 'Cleo']
    assert len({each.serial for each in issued}) == 3
    assert await certificates_of(dan) == []
    await assert_log_and_projections_agree()


async def test_what_was_earned_stays() -> None:
    klass = await a_class(checkpoints=2)
    for checkpoint in klass.checkpoints:
        await tap(klass, checkpoint)
    before = await the_certificate_of(klass.learner)

    await undo(klass, klass.checkpoints[0])
    await database.write(checkpoints.add, klass.teacher, klass.module_id, lines='One more')
    assert await percent(klass, klass.learner) == 33
    await tap(klass, klass.checkpoints[0])
    await rename(klass.learner, 'Somebody Else')

    assert await the_certificate_of(klass.learner) == before
    await assert_log_and_projections_agree()


async def test_who_completed_before_there_were_certificates_gets_one() -> None:
    klass = await a_class(checkpoints=1, learners=['Ada', 'Ben'])
    for learner in klass.learners:
        await tap(klass, klass.checkpoints[0], by=learner)
    ada, _ben = klass.learners
    await database.write(lambda tx: tx.change(delete(Certificate).where(col(Certificate.user_id) == ada.user_id)))
    await database.write(lambda tx: tx.change(delete(Activity).where(col(Activity.verb) == Verb.CERTIFIED)))

    assert await database.write(issuing.issue_missing) == 1
    assert await database.write(issuing.issue_missing) == 0

    certificate = await the_certificate_of(ada)
    assert certificate.completed_at < certificate.issued_at


async def test_verify_finds_what_nobody_was_given() -> None:
    klass = await a_class(checkpoints=1)
    await tap(klass, klass.checkpoints[0])

    await database.write(lambda tx: tx.change(update(Certificate).values(serial='MADE-UPMA-DEUP-MADE')))

    assert len(await database.read(verify.differences)) == 2


async def test_issued_again_with_the_right_name_the_old_one_says_so() -> None:
    klass = await completed_class('lena')
    first = await the_certificate_of(klass.learner)

    serial = await issue_again(klass, '  Lena   Learner ')

    old, new = await certificates_of(klass.learner)
    assert (new.serial, new.name, new.issued_by) == (serial, 'Lena Learner', klass.teacher.user_id)
    assert (new.completed_at, old.name, old.replaced_by_id) == (first.completed_at, 'lena', new.id)
    shown = await lookup.look_up(old.serial, address='somewhere')
    assert (shown.standing, shown.sheet, shown.email) == (Validity.REPLACED, None, None), 'nothing personal'
    assert (await lookup.look_up(serial, address='somewhere')).standing is Validity.VALID
    await assert_log_and_projections_agree()


async def test_revoked_it_tells_nothing_and_can_be_issued_again() -> None:
    klass = await completed_class()

    await revoke(klass)
    (revoked,) = await certificates_of(klass.learner)
    shown = await lookup.look_up(revoked.serial, address='somewhere')
    assert (shown.standing, shown.sheet) == (Validity.REVOKED, None)
    assert await database.read(lookup.own, klass.learner) == ()
    await assert_log_and_projections_agree()
    with pytest.raises(Refused, match='no valid certificate'):
        await revoke(klass)

    await issue_again(klass, 'Lena Learner')
    assert len(await database.read(lookup.own, klass.learner)) == 1
    await assert_log_and_projections_agree()


async def test_what_makes_no_sense_is_refused() -> None:
    klass = await a_class(checkpoints=2)
    stranger = await a_student()

    with pytest.raises(Refused, match='not completed'):
        await issue_again(klass, 'Lena')
    for checkpoint in klass.checkpoints:
        await tap(klass, checkpoint)
    for name in ('', ' ', 'x' * 81, '\x00', '\u202e', '!!!'):
        with pytest.raises(Invalid):
            await issue_again(klass, name)
    with pytest.raises(NotFound, match='does not learn'):
        await database.write(
            reissuing.issue_again, klass.teacher, klass.course_id, user_id=stranger.user_id, name='Lena'
        )
    elsewhere = await an_instructor(name='Eve')
    for verb in (reissuing.revoke, lambda *given, **more: reissuing.issue_again(*given, **more, name='Eve')):
        with pytest.raises(NotFound, match='not one of yours'):
            await database.write(verb, elsewhere, klass.course_id, user_id=klass.learner.user_id)
    assert len(await certificates_of(klass.learner)) == 1


async def test_what_took_the_work_of_a_guest_goes_and_comes_with_them() -> None:
    klass = await a_class(checkpoints=2, learners=['Lena', 'lena on the phone'])
    lena, phone = klass.learners
    await tap(klass, klass.checkpoints[0], by=lena)
    await tap(klass, klass.checkpoints[1], by=phone)

    await merge(klass, phone, lena)
    certificate = await the_certificate_of(lena)
    await unmerge(klass, phone)
    assert (await lookup.look_up(certificate.serial, address='x')).standing is Validity.REVOKED
    await assert_log_and_projections_agree()

    await merge(klass, phone, lena)
    assert (await lookup.look_up(certificate.serial, address='x')).standing is Validity.VALID
    assert await certificates_of(phone) == []
    await assert_log_and_projections_agree()


async def test_what_a_guest_has_earned_is_issued_to_who_they_are() -> None:
    klass = await a_class(checkpoints=1, learners=['lena on the phone', 'Lena Learner'])
    phone, lena = klass.learners
    await tap(klass, klass.checkpoints[0], by=phone)
    theirs = await the_certificate_of(phone)

    await merge(klass, phone, lena)
    fresh = await the_certificate_of(lena)
    assert (fresh.name, fresh.completed_at) == ('Lena Learner', theirs.completed_at)
    assert (await lookup.look_up(theirs.serial, address='x')).standing is Validity.REPLACED
    await assert_log_and_projections_agree()

    await unmerge(klass, phone)
    assert (await lookup.look_up(theirs.serial, address='x')).standing is Validity.VALID
    assert (await lookup.look_up(fresh.serial, address='x')).standing is Validity.REVOKED
    await assert_log_and_projections_agree()


async def test_what_was_revoked_by_hand_does_not_come_back_by_itself() -> None:
    klass = await a_class(checkpoints=1, learners=['Lena', 'guest'])
    lena, guest = klass.learners
    await tap(klass, klass.checkpoints[0], by=lena)
    await revoke(klass)

    await merge(klass, guest, lena)
    await unmerge(klass, guest)

    assert (await the_certificate_of(lena)).revoked_at
    await assert_log_and_projections_agree()


async def test_a_serial_is_found_however_it_is_typed_and_cannot_be_guessed() -> None:
    klass = await completed_class()
    serial = (await the_certificate_of(klass.learner)).serial

    for typed in (serial.lower(), serial.replace('-', ' '), serial.replace('-', '')):
        assert (await lookup.look_up(typed, address='here')).serial == serial
    for wrong in ('', serial[:-1], serial + 'A', 'ABCD-EFGH-JKMN-PQRS', "' OR 1=1 --"):
        with pytest.raises(NotFound):
            await lookup.look_up(wrong, address='there')
    for _ in range(400):
        with pytest.raises(TooManyAttempts, match='There is no certificate with this number'):
            await lookup.look_up('ABCD-EFGH-JKMN-PQRT', address='there')
    assert (await lookup.look_up(serial, address='there')).serial == serial, 'who has a right one may always see it'


async def test_everybody_sees_their_own() -> None:
    klass = await completed_class()

    (own,) = await database.read(lookup.own, klass.learner)
    assert own == await database.read(lookup.for_course, klass.learner, klass.course_id)
    assert (own.course_id, own.course_title, own.is_printed) == (klass.course_id, 'Soil', False)
    assert await database.read(lookup.own, klass.teacher) == ()
    assert await database.read(lookup.for_course, klass.teacher, klass.course_id) is None
    with pytest.raises(NotSignedIn):
        await database.read(lookup.own, None)


async def completed_class(name: str = 'Lena Learner') -> ClassAtHand:
    klass = await a_class(checkpoints=1, learners=[name])
    await tap(klass, klass.checkpoints[0])
    return klass


async def issue_again(klass: ClassAtHand, name: str) -> str:
    ids = {'user_id': klass.learner.user_id}
    return await database.write(reissuing.issue_again, klass.teacher, klass.course_id, **ids, name=name)


async def revoke(klass: ClassAtHand) -> None:
    await database.write(reissuing.revoke, klass.teacher, klass.course_id, user_id=klass.learner.user_id)


async def merge(klass: ClassAtHand, guest: Actor, person: Actor) -> None:
    ids = {'guest_id': guest.user_id, 'into_id': person.user_id}
    await database.write(merging.merge, klass.teacher, klass.course_id, **ids)


async def unmerge(klass: ClassAtHand, guest: Actor) -> None:
    await database.write(merging.unmerge, klass.teacher, klass.course_id, guest_id=guest.user_id)


async def rename(person: Actor, name: str) -> None:
    def write(tx: Transaction) -> None:
        tx.execute(update(User).where(col(User.id) == person.user_id).values(name=name))

    await database.write(write)


async def test_what_was_revoked_stays_revoked_when_a_course_gives_certificates_again() -> None:
    klass = await completed_class('lena')
    await database.write(reissuing.revoke, klass.teacher, klass.course_id, user_id=klass.learner.user_id)
    for given in (False, True):
        await database.write(catalog.give_certificates, klass.teacher, klass.course_id, given=given)
    await completions.complete_due()

    (only,) = await certificates_of(klass.learner)
    assert only.revoked_at
    await assert_log_and_projections_agree()


async def test_a_course_that_gives_no_certificates_gives_them_later_to_who_completed_it_meanwhile() -> None:
    klass = await a_class(checkpoints=1, learners=['Ada', 'Ben', 'Gus'])
    ada, ben, gus = klass.learners
    await tap(klass, klass.checkpoints[0], by=ada)
    hers = await the_certificate_of(ada)
    await database.write(catalog.give_certificates, klass.teacher, klass.course_id, given=False)
    await tap(klass, klass.checkpoints[0], by=ben)
    await tap(klass, klass.checkpoints[0], by=gus)
    await database.write(issuing.issue_missing)

    assert await certificates_of(ben, gus) == []
    assert await the_certificate_of(ada) == hers, 'what was given stays'
    await assert_log_and_projections_agree()

    await database.write(participants.remove, klass.teacher, klass.course_id, user_id=gus.user_id)
    await database.write(catalog.give_certificates, klass.teacher, klass.course_id, given=True)
    await completions.complete_due()
    await completions.complete_due()

    assert [each.user_id for each in await certificates_of(ada, ben, gus)] == [ada.user_id, ben.user_id, gus.user_id]
    assert (await the_certificate_of(ben)).completed_at < (await the_certificate_of(ben)).issued_at
    assert await the_certificate_of(ada) == hers
    await assert_log_and_projections_agree()
