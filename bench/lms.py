"""What other systems ask of Waymark: launches, scores, a school in OneRoster, and a long history as xAPI statements."""

from bench.figures import Table
from bench.school import built_by
from bench.server import Home

SIZES, FEW = (1_000, 10_000, 5_000, 1_000_000), (100, 500, 500, 20_000)
"""launches, scores, people and statements in a long and in a short round"""
PATIENCE = 1_800.0


async def lms_round(table: Table, *, is_small: bool) -> None:
    """Measure all of it in a process of its own."""
    sizes = FEW if is_small else SIZES
    with Home() as home:
        found = await built_by('bench.lms_child', home, *sizes, patience=PATIENCE)
    if found['statements'] < sizes[-1]:
        raise RuntimeError(f'{found["statements"]:.0f} of {sizes[-1]} statements were made')
    for name in ('launch cpu', 'launch', 'score cpu', 'scores stop', 'tap alone p99', 'tap beside p99', 'school stop'):
        table.ours(f'lms {name}', 1000 * found[name])
    table.ours('lms statements stop', 1000 * found['statements stop'])
    for name in ('scores per second', 'statements per second', 'statements memory'):
        table.ours(f'lms {name}', found[name])
    grows = SIZES[2] / sizes[2]
    for name in ('school', 'school cpu'):
        table.ours(f'lms {name}', grows * found[name])
