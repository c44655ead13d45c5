"""What follows a tap: how soon a badge is seen, how far followers are behind, a long inbox, the mails of a Sunday."""

from bench.figures import Table
from bench.school import built_by
from bench.server import Home

SECONDS, FEW_SECONDS = 30, 8
PARENTS, FEW_PARENTS = 5_000, 500
"""in a long and in a short round"""
NOTICES, FEW_NOTICES = 10_000, 1_000
"""of each of several people"""
PATIENCE = 300.0


async def motivation_round(table: Table, *, is_small: bool) -> None:
    """Let a school tap for a while, read a long inbox, and then write to parents."""
    with Home() as home:
        found = await built_by('bench.motivation_child', home, FEW_SECONDS if is_small else SECONDS, patience=PATIENCE)
    if found['badges missing']:
        raise RuntimeError(f'{found["badges missing"]:.0f} learners never saw their badge')
    for name in ('badge p50', 'badge p99', 'lag p50', 'lag most', 'receipt alone p99', 'receipt beside p99'):
        table.ours(f'motivation {name}', 1000 * found[name])
    table.ours('motivation cpu', 100 * (found['cpu'] - found['cpu alone']))
    await _inbox(table, FEW_NOTICES if is_small else NOTICES)
    await _parents(table, FEW_PARENTS if is_small else PARENTS)


async def _inbox(table: Table, notices: int) -> None:
    with Home() as home:
        found = await built_by('bench.inbox_child', home, notices, patience=PATIENCE)
    for name in ('first p95', 'first cpu', 'below p95', 'search p95', 'search cpu'):
        table.ours(f'inbox {name}', 1000 * found[name])


async def _parents(table: Table, parents: int) -> None:
    with Home() as home:
        home.environment['PUBLIC_URL'] = 'https://waymark.example.org'
        found = await built_by('bench.summaries_child', home, parents, patience=PATIENCE)
    if found['sent'] != parents:
        raise RuntimeError(f'{found["sent"]} of {parents} parents got their mail')
    table.ours('parents written', found['writing'] * PARENTS / parents)
    table.ours('parents sent', (found['writing'] + found['sending']) * PARENTS / parents)
    table.ours('parents cpu', found['cpu'] * PARENTS / parents)
    table.ours('parents stop', 1000 * found['longest stop'])
