"""What a person is told of a gesture, also where the element that was pressed has gone meanwhile."""

import asyncio
import gc

import pytest
from nicegui import Client, background_tasks, core, ui
from nicegui.page import page

from services.core.errors import NotFound
from services.core.phrases import phrase
from ui.kit.handlers import gesture, tell

GONE = phrase('This mail was sent meanwhile.')


@pytest.mark.req('O7')
async def test_who_presses_a_button_twice_reads_a_sentence_though_the_button_has_gone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(core, 'loop', asyncio.get_running_loop())
    client = Client(page(''), request=None)
    told: list[str] = []
    monkeypatch.setattr(
        client.outbox,
        'enqueue_message',
        lambda kind, data, _: told.append(data['message']) if kind == 'notify' else None,
    )
    failed: list[Exception] = []
    monkeypatch.setattr(core.app, 'handle_exception', failed.append)

    @gesture
    async def send() -> None:
        mails.clear()
        gc.collect()
        tell('Sent.')
        raise NotFound(GONE)

    with client:
        mails = ui.element()
        with mails:
            row = ui.element()
        running = background_tasks.create(send(), context=row.default_slot)
        del row
    await running

    assert (told, failed) == (['Sent.', str(GONE)], [])
    client.delete()
