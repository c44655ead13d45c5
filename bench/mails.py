"""Mails with notices: how fast they leave to a server of this machine, and for how long the event loop stands still."""

from bench.figures import Table
from bench.school import built_by
from bench.server import Home

MAILS, FEW_MAILS = 5_000, 1_000
"""in a long and in a short round"""
PATIENCE = 300.0


async def mail_round(table: Table, *, is_small: bool) -> None:
    """Send them all, from their notices on."""
    with Home() as home:
        home.environment['PUBLIC_URL'] = 'https://waymark.example.org'
        mails = FEW_MAILS if is_small else MAILS
        found = await built_by('bench.mails_child', home, mails, patience=PATIENCE)
    if found['sent'] != mails:
        raise RuntimeError(f'{found["sent"]} of {mails} mails were sent')
    table.ours('mails collected', found['collected per second'])
    table.ours('mails sent', found['sent per second'])
    table.ours('mails cpu', 100 * found['share of a core'])
    table.ours('mails stop', 1000 * found['longest stop'])
