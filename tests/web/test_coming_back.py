"""A page that comes back after its network was gone: it holds what is true now, whatever it missed."""

import pytest

from bench.student import Student, is_shown_marker
from tests.factories.classes import a_class
from tests.support.eventually import eventually
from tests.support.running import Server, token_of

pytestmark = [pytest.mark.req('L3', 'L5')]


async def test_what_was_missed_does_not_come_after_what_is_true_now(server: Server) -> None:
    klass = await a_class(checkpoints=5)
    phone, tablet = Student('phone', server.origin), Student('tablet', server.origin)
    for device in phone, tablet:
        device.enter({'waymark': await token_of(klass.learner)}, f'/class/{klass.course_id}')
        await device.load()
        await device.connect()

    phone.lose_network()
    for checkpoint in klass.checkpoints[:2]:  # the server still believes that the phone hears it
        await taps(tablet, checkpoint)
    for wire in phone.page._cut_off:
        await wire.close()
    await taps(tablet, klass.checkpoints[2])  # by now it knows
    await phone.connect()

    await eventually(lambda: markers_in_the_page(phone) == [str(klass.checkpoints[3])])
    await phone.tap()
    await eventually(lambda: markers_in_the_page(phone) == [str(klass.checkpoints[4])])
    for device in phone, tablet:
        await device.close()


async def taps(device: Student, checkpoint: int) -> None:
    await eventually(lambda: device.ready and device.checkpoint == str(checkpoint))
    tap = await device.tap()
    await eventually(lambda: tap.answered)


def markers_in_the_page(device: Student) -> list[str]:
    """Return the checkpoints of the markers that a browser would draw: those that hang on the page."""
    drawn, found = [0], []
    while drawn:
        element = device.page.elements.get(drawn.pop(), {})
        drawn += [child for slot in element.get('slots', {}).values() for child in slot['ids']]
        drawn += element.get('children', ())
        if element and is_shown_marker(element):
            found.append(str(element['props']['data-step']))
    return found
