"""Reports that are kept: the next one says what has changed, who opened them is known, and links to them end."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import select, update
from sqlmodel import col

from models import Activity, KeptReport, ReportLink, ReportReader, User, Verb
from services.core import clock, database, secrets
from services.core.errors import DomainError, Gone, Invalid, NotFound, Refused
from services.courses import catalog
from services.people import joining, participants
from services.privacy import erasing
from services.reports.performance import building, keeping, kept_reports, links, remarks
from services.reports.performance.document import Options
from services.reports.performance.remarks import Remark
from tests.factories.classes import a_class, a_course, mark
from tests.factories.people import a_parent, a_student, an_admin, an_instructor
from tests.factories.reports import ENDS, a_reported_learner

pytestmark = [pytest.mark.req('R1'), pytest.mark.usefixtures('db')]


async def test_the_next_report_says_what_has_changed_since_the_last() -> None:
    at_hand = await a_reported_learner()
    about = at_hand.teacher, at_hand.lena.user_id
    with time_machine.travel(ENDS, tick=False):
        await keeping.keep(*about, course_id=at_hand.course_id)
        await mark(at_hand.klass.checkpoints[1], by=at_hand.lena)
        again = await database.read(
            lambda tx: building.of_learner(
                tx, *about, course_id=at_hand.course_id, options=Options(include_graphs=False)
            )
        )

    changed = again.courses[0].first_page.changed
    assert str(changed) == 'Since the report of 11 March 2027: One step was done. The grade is the same, 60.7.'


@pytest.mark.both_databases
@pytest.mark.req('V3')
async def test_who_may_open_a_kept_report_and_who_did() -> None:
    klass = await a_class(checkpoints=2, learners=[])
    water = await a_course(title='Water', by=klass.teacher)
    helper = await an_instructor(email='helper@example.org', name='Hal Helper')
    await database.write(catalog.add_co_instructor, klass.teacher, klass.course_id, email='helper@example.org')
    lena, admin = await a_student(name='Lena'), await an_admin()
    for code in klass.code, water.code:
        await database.write(joining.join, lena, code=code)
    with time_machine.travel(timedelta(minutes=1), tick=False) as clock:
        of_both = await keeping.keep(klass.teacher, lena.user_id)
        of_one = await keeping.keep(klass.teacher, lena.user_id, course_id=klass.course_id, shows_learner=False)
        for _ in range(2):
            await database.write(kept_reports.open_, lena, of_both)
        clock.shift(timedelta(minutes=11))
        await database.write(kept_reports.open_, lena, of_both)
        await database.write(kept_reports.open_, admin, of_both)
        report = await database.write(kept_reports.open_, klass.teacher, of_both)

    assert [(each.name, each.role) for each in report.accessed_by] == [
        ('Ada Admin', ReportReader.ADMINISTRATOR),
        ('Lena', ReportReader.STUDENT),
        ('Lena', ReportReader.STUDENT),
    ]
    assert all(each.user_id and each.accessed_at for each in report.accessed_by)
    assert (report.id, len(report.courses)) == (of_both, 2)
    assert (await database.write(kept_reports.open_, helper, of_one)).id == of_one
    for who, which in ((helper, of_both), (lena, of_one), (await a_student(), of_both), (lena, 999)):
        with pytest.raises(NotFound, match='There is no such report'):
            await database.write(kept_reports.open_, who, which)
    listed = {}
    for who in (lena, helper, klass.teacher):
        shown = await database.read(kept_reports.of_learner, who, lena.user_id)
        listed[who.name] = [each.report_id for each in shown]
    assert listed == {'Lena': [of_both], 'Hal Helper': [of_one], 'Ines Instructor': [of_one, of_both]}
    with pytest.raises(Refused, match='Your teacher has kept this report'):
        await database.write(keeping.forget, lena, of_both)
    await database.write(keeping.forget, klass.teacher, of_both)
    assert [row.id for row in await database.read(lambda tx: tx.session.scalars(select(KeptReport)).all())] == [of_one]
    kept = select(col(Activity.course_id)).where(col(Activity.verb) == Verb.REPORT_KEPT).order_by(col(Activity.id))
    noted = await database.read(lambda tx: list(tx.session.scalars(kept)))
    assert sorted(noted) == sorted([klass.course_id, klass.course_id, water.course_id])


@pytest.mark.both_databases
async def test_a_link_is_looked_at_opened_and_revoked() -> None:
    klass = await a_class(checkpoints=2)
    about = klass.teacher, klass.learner.user_id
    with time_machine.travel(timedelta(minutes=1), tick=False) as clock:
        private = await keeping.keep(*about, course_id=klass.course_id)
        report_id = await keeping.keep(*about, course_id=klass.course_id, shows_parents=True)
        with pytest.raises(Refused, match='not for parents'):
            await database.write(links.make, klass.teacher, private)
        for days in (0, 91, True):
            with pytest.raises(Invalid):
                await database.write(links.make, klass.teacher, report_id, days=days)
        token = await database.write(links.make, klass.teacher, report_id, days=7)
        other = await database.write(links.make, klass.learner, report_id)

        ends = await database.read(links.look, token)
        assert (await database.read(links.of_report, klass.learner, report_id))[1].openings == 0, 'a scanner only looks'
        await database.write(links.open_, token)
        read = await database.read(links.read, token)
        newest, first = await database.read(links.of_report, klass.teacher, report_id)
        seen = await database.write(kept_reports.open_, klass.teacher, report_id)

        assert (read.id, read.student_name, read.accessed_by) == (report_id, 'Lena Learner', ())
        assert (first.openings, first.made_by, first.is_open) == (1, 'Ines Instructor', True)
        assert (newest.openings, newest.made_by) == (0, 'Lena Learner')
        assert [(each.name, each.role, each.user_id) for each in seen.accessed_by] == [('', None, None)]
        assert seen.configuration.sharing.shareable
        assert seen.configuration.sharing.expires_at == newest.expires_at > ends
        hashes = await database.read(lambda tx: list(tx.session.scalars(select(col(ReportLink.token_hash)))))
        assert secrets.token_hash(token) in hashes
        assert token not in hashes

        await database.write(links.revoke, klass.learner, newest.link_id)
        stranger = await a_student()
        with pytest.raises(NotFound):
            await database.write(links.revoke, stranger, first.link_id)
        clock.shift(timedelta(days=7))
        for wrong, why in (
            (other, 'was revoked'),
            (token, 'has expired'),
            ('guessed', 'no report here'),
            ('x' * 10_000, 'no report here'),
        ):
            for verb in (links.look, links.read, links.open_):
                with pytest.raises(DomainError, match=why) as refused:
                    await database.write(verb, wrong)
                assert isinstance(refused.value, NotFound if 'no report' in why else Gone)


@pytest.mark.req('A7', 'D2')
async def test_a_parent_reads_what_is_for_parents_and_hands_nothing_out() -> None:
    klass = await a_class(checkpoints=1, learners=['Lena', 'Otto'])
    lena, otto = klass.learners
    paula, other = await a_parent(of=lena), await a_parent(of=otto, name='Otto’s parent', email='other@example.org')
    about = klass.teacher, lena.user_id
    private = await keeping.keep(*about, course_id=klass.course_id)
    shown = await keeping.keep(*about, course_id=klass.course_id, shows_learner=False, shows_parents=True)

    report = await database.write(kept_reports.open_, paula, shown)
    listed = await database.read(kept_reports.of_child, paula, lena.user_id)

    assert (report.student_name, report.accessed_by) == ('Lena', ())
    assert [each.report_id for each in listed] == [shown]
    opened = (await database.write(kept_reports.open_, klass.teacher, shown)).accessed_by
    assert [(each.name, each.role) for each in opened] == [('Paula Parent', ReportReader.PARENT)]
    for who, which in ((paula, private), (other, shown), (lena, shown)):
        with pytest.raises(NotFound):
            await database.write(kept_reports.open_, who, which)
    with pytest.raises(NotFound):
        await database.read(kept_reports.of_child, paula, otto.user_id)
    for verb in (links.make, links.of_report, keeping.forget):
        with pytest.raises(NotFound):
            await database.write(verb, paula, shown)
    with pytest.raises(NotFound):
        await database.read(building.of_learner, paula, lena.user_id)


@pytest.mark.req('Q8', 'V1')
async def test_what_is_kept_gives_nothing_away_later() -> None:
    at_hand = await a_reported_learner()
    about = at_hand.teacher, at_hand.lena.user_id
    with time_machine.travel(ENDS, tick=False):
        await keeping.keep(*about, course_id=at_hand.course_id, shows_learner=False)
        kept = await keeping.keep(*about, course_id=at_hand.course_id)
        again = [
            (await database.read(building.of_learner, who, at_hand.lena.user_id, course_id=at_hand.course_id))
            for who in (at_hand.teacher, at_hand.lena)
        ]
        await database.write(keeping.forget, at_hand.teacher, kept)
        alone = await database.read(
            building.of_learner, at_hand.lena, at_hand.lena.user_id, course_id=at_hand.course_id
        )
        (document,) = await database.read(lambda tx: list(tx.session.scalars(select(col(KeptReport.document)))))
        await database.write(
            lambda tx: tx.execute(update(User).where(col(User.id) == at_hand.teacher.user_id).values(name='Person X'))
        )
        opened = await database.write(kept_reports.open_, at_hand.teacher, kept - 1)

    assert all('Since the report of' in str(each.courses[0].first_page.changed) for each in again)
    assert 'first report' in str(alone.courses[0].first_page.changed), 'what staff keep for themselves is not told of'
    assert 'Ines Instructor' not in document
    (course,) = opened.courses
    assert {opened.generated_by_name, course.feedback.written_by, course.first_page.ask[0].name} == {'Person X'}


@pytest.mark.req('V1')
@pytest.mark.both_databases
async def test_an_erasure_closes_reports_and_links_at_once_and_nothing_is_written_afterwards() -> None:
    """The job that deletes the rest comes later, and may have to wait for a full disk."""
    at_hand = await a_reported_learner()
    teacher, lena, course_id = at_hand.teacher, at_hand.lena.user_id, at_hand.course_id
    report_id = await keeping.keep(teacher, lena, course_id=course_id, shows_parents=True)
    token = await database.write(links.make, teacher, report_id)

    await erasing.erase(await an_admin(), lena)

    for verb in (links.look, links.read, links.open_):
        with pytest.raises(Gone, match='was deleted'):
            await database.write(verb, token)
    with pytest.raises(NotFound):
        await database.write(kept_reports.open_, teacher, report_id)
    seen = (await database.read(remarks.of_learner, teacher, course_id, lena)).at
    with pytest.raises(NotFound):
        await database.write(remarks.write, teacher, course_id, lena, remark=Remark(comment='Lena'), seen=seen)
    with pytest.raises(NotFound):
        await database.write(remarks.add_action, teacher, course_id, lena, description='Call Lena')
    fresh = await database.read(building.of_learner, teacher, lena, course_id=course_id)
    assert fresh.student_name.startswith('Person ')
    assert 'Lena' not in repr(fresh)


@pytest.mark.req('V1')
async def test_what_changes_while_it_is_made_is_checked_again() -> None:
    klass = await a_class(checkpoints=1, learners=['Ann', 'Bo'])
    drafts = [
        await database.read(keeping.drafted, klass.teacher, each.user_id, course_id=klass.course_id)
        for each in klass.learners
    ]
    await database.write(participants.remove, klass.teacher, klass.course_id, user_id=klass.learner.user_id)
    erased = update(User).where(col(User.id) == klass.learners[1].user_id).values(erased_at=clock.now())
    await database.write(lambda tx: tx.execute(erased))
    for draft in drafts:
        with pytest.raises(NotFound):
            await database.write(keeping.store, klass.teacher, draft)
