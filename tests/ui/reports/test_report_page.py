"""The page of a report, from what a teacher writes to a parent who opens a link on a phone."""

import io
import re
from zipfile import ZipFile

import pytest
import time_machine
from nicegui import ui

from services.core import database, jobs
from services.reports.performance import bundle_making, bundles, keeping, kept_reports, links, remarks
from tests.factories.people import a_parent, another_device
from tests.factories.reports import ENDS, a_reported_learner, give_extra_credit
from tests.ui.conftest import Enter

pytestmark = [pytest.mark.req('R1', 'V3'), pytest.mark.usefixtures('db')]


async def test_a_teacher_writes_keeps_and_shares_and_a_parent_reads(enter: Enter) -> None:
    at_hand = await a_reported_learner(name='Lena <b>Learner</b>')
    about = at_hand.course_id, at_hand.lena.user_id
    with time_machine.travel(ENDS, tick=False):
        page = await enter(at_hand.teacher)
        await page.open(f'/report/{at_hand.lena.user_id}?course={at_hand.course_id}&type=comprehensive')
        await page.should_see('Behind the schedule')
        await page.should_see('Lena &lt;b&gt;Learner&lt;/b&gt; has done 4 of 6 steps.')
        await page.should_see('Asks **good** questions.')
        page.find(kind=ui.textarea, content='Comment').clear().type('Digs deep.')
        page.find(kind=ui.button, content='Save').click()
        await page.should_see('Saved.')
        await page.should_see('Bring a sample')
        page.find(kind=ui.button, content='Done').click()
        await page.should_see('Not done yet')
        assert (await database.read(remarks.of_learner, at_hand.teacher, *about)).remark.comment == 'Digs deep.'

        page.find(kind=ui.button, content='Keep this report').click()
        page.find(kind=ui.switch, content='Parents may see it: you can make a link').click()
        page.find(kind=ui.button, content='Keep').click()
        await page.should_see('Who opened it')
        (kept,) = await database.read(kept_reports.of_learner, at_hand.lena, at_hand.lena.user_id)
        page.find('Make a link').click()
        await page.should_see('This is the link. It is shown only now.')
        (link,) = await database.read(links.of_report, at_hand.teacher, kept.report_id)
        assert link.openings == 0

        own = await enter(at_hand.lena)
        await own.open(f'/reports/{kept.report_id}')
        await own.should_see('Ines Instructor, teacher')
        await own.should_see('Digs deep.')
        await own.should_see('not opened yet')
        assert (await own.http_client.get(f'/report/{at_hand.teacher.user_id}')).status_code == 404

        mum = await enter(await a_parent(of=at_hand.lena))
        await mum.open('/children')
        mum.find('Comprehensive report of 11 March 2027')
        await mum.open(f'/reports/{kept.report_id}')
        await mum.should_see('Digs deep.')
        await mum.should_not_see('Links for parents')
        await mum.should_not_see('Who opened it')


async def test_a_parent_reads_extra_credit_as_it_was_given(enter: Enter) -> None:
    at_hand = await a_reported_learner()
    await give_extra_credit(at_hand)
    with time_machine.travel(ENDS, tick=False):
        teacher = await another_device(of=at_hand.teacher)
        report_id = await keeping.keep(teacher, at_hand.lena.user_id, course_id=at_hand.course_id, shows_parents=True)
        mum = await enter(await a_parent(of=at_hand.lena))
        await mum.open(f'/reports/{report_id}')
        await mum.should_see('“Soil report”: 120 of 100.')
        await mum.should_see('120 %')


async def test_a_link_is_opened_by_a_button_and_counted_once(enter: Enter) -> None:
    at_hand = await a_reported_learner()
    with time_machine.travel(ENDS, tick=False):
        teacher = await another_device(of=at_hand.teacher)
        report_id = await keeping.keep(teacher, at_hand.lena.user_id, course_id=at_hand.course_id, shows_parents=True)
        token = await database.write(links.make, teacher, report_id)
        visitor = (await enter(at_hand.lena)).http_client
        visitor.cookies.clear()
        address = f'/reports/shared/{token}'

        scanned = await visitor.get(address)
        pdf_too_early = await visitor.get(f'{address}.pdf')
        from_elsewhere = await visitor.post(address, headers={'sec-fetch-site': 'cross-site'})
        before = await database.read(links.of_report, teacher, report_id)
        opened = await visitor.post(address, headers={'sec-fetch-site': 'same-origin'})
        read = await visitor.get(address)
        again = await visitor.post(address, headers={'sec-fetch-site': 'same-origin'})
        pdf = await visitor.get(f'{address}.pdf')
        (after,) = await database.read(links.of_report, teacher, report_id)
        await database.write(links.revoke, teacher, after.link_id)
        revoked = await visitor.get(address)

    assert (scanned.status_code, pdf_too_early.status_code, from_elsewhere.status_code) == (200, 303, 303)
    assert 'Show the report' in scanned.text
    assert 'Lena' not in scanned.text, 'a scanner learns nothing'
    assert [each.openings for each in before] == [0]
    assert (opened.status_code, again.status_code) == (303, 303)
    assert 'Lena Learner has done 4 of 6 steps.' in read.text
    assert not re.search('Who opened it|Ines Instructor, teacher', read.text)
    for answer in (scanned, read, pdf, revoked):
        assert answer.headers['x-robots-tag'].startswith('noindex')
        assert answer.headers['referrer-policy'] == 'same-origin', 'with none the button would come from nowhere'
        assert answer.headers['cache-control'] == 'no-store'
    assert pdf.content.startswith(b'%PDF')
    assert after.openings == 1
    assert (revoked.status_code, 'was revoked' in revoked.text) == (410, True)


async def test_the_reports_of_a_class_are_made_while_the_page_counts(enter: Enter) -> None:
    at_hand = await a_reported_learner()
    with time_machine.travel(ENDS, tick=True):
        page = await enter(at_hand.teacher)
        await page.open(f'/courses/{at_hand.course_id}/reports')
        await page.should_see('Nothing was made yet.')
        page.find(kind=ui.button, content='Make the reports').click()
        await page.should_see('0 of 1 are made')
        await jobs.run_due([bundle_making.kind()])
        await page.should_see('1 report')
        (made,) = await database.read(bundles.of_course, at_hand.teacher, at_hand.course_id)
        file = await page.http_client.get(f'/courses/{at_hand.course_id}/reports/{made.bundle_id}.zip')
        page.http_client.cookies.clear()
        nobody = await page.http_client.get(f'/courses/{at_hand.course_id}/reports/{made.bundle_id}.zip')

    with ZipFile(io.BytesIO(file.content)) as archive:
        (name,) = archive.namelist()
        assert (name, archive.read(name)[:4]) == ('0001 Lena Learner.pdf', b'%PDF')
    assert nobody.status_code == 303
