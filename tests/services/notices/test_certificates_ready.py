"""A certificate is announced when it can be downloaded, and each one once."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
import time_machine

from models import NoticeKind
from services.certificates import reissuing, render_queue
from services.core import clock, database
from services.core.events import CertificatePrinted
from services.core.transaction import Transaction
from services.notices import certificates_ready, writing
from services.notices.drafts import Draft
from tests.factories.classes import a_class, tap
from tests.services.notices.test_from_log import follow, notices_of, of_kind

pytestmark = [pytest.mark.usefixtures('db'), pytest.mark.req('M1')]


@pytest.mark.both_databases
async def test_a_certificate_is_announced_once_its_pdf_is_there() -> None:
    klass = await a_class(checkpoints=1)
    lena = klass.learner
    await tap(klass, klass.checkpoints[0])
    await follow()
    await certificates_ready.notify()
    assert of_kind(await notices_of(lena), NoticeKind.CERTIFICATE) == []

    await printed()
    assert await certificates_ready.notify() == 1
    assert await certificates_ready.notify() == 0
    (notice,) = of_kind(await notices_of(lena), NoticeKind.CERTIFICATE)
    assert notice.title == 'Your certificate for “Soil” is ready to download.'

    again = {'user_id': lena.user_id, 'name': 'Lena of the Learners'}
    serial = await database.write(reissuing.issue_again, klass.teacher, klass.course_id, **again)
    await printed()
    await certificates_ready.notify()
    assert of_kind(await notices_of(lena), NoticeKind.CERTIFICATE)[-1].address == f'/certificates/{serial}'


async def test_certificates_of_a_whole_school_are_announced_some_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, 'AT_ONCE', 2)
    klass = await a_class(checkpoints=1, learners=['Ada', 'Bo', 'Cy'])
    for who in klass.learners:
        await tap(klass, klass.checkpoints[0], by=who)
    await printed()
    sizes, write = list[int](), writing.write

    def counted(tx: Transaction, drafts: Sequence[Draft]) -> int:
        sizes.append(len(drafts))
        return write(tx, drafts)

    monkeypatch.setattr(writing, 'write', counted)
    assert await certificates_ready.notify() == 3
    assert sizes == [2, 1]


async def test_what_was_printed_before_there_were_notices_is_none() -> None:
    klass = await a_class(checkpoints=1)
    await tap(klass, klass.checkpoints[0])
    await printed()
    with time_machine.travel(clock.now() + timedelta(days=2)):
        assert await certificates_ready.notify() == 0


def test_the_job_wakes_up_when_a_certificate_is_printed() -> None:
    woken_by = certificates_ready.kind().woken_by
    assert woken_by
    assert woken_by(CertificatePrinted(course_id=1, user_id=2, serial='x'))


async def printed() -> None:
    """Take note that all certificates have their PDF."""
    while sheet := await database.read(render_queue.due):
        await database.write(render_queue.finish, sheet.certificate_id)
