"""What is measured and what it should be: every line of the table, in the order in which it is read."""

from bench.figures import Figure, Table
from bench.live import Size

PARTS = ('join', 'taps', 'burst', 'page', 'grid')


def new_table(size: Size) -> Table:
    """An empty table with the goals of the live classroom."""
    join = f'{size.students} students join'
    steady = f'{size.students} connected, {size.per_second:g} taps/s'
    burst = f'{size.students} tap within {size.within:g} s'
    page = 'student page'
    grid = 'instructor: 500 × 30 grid'
    return Table([
        Figure(key='join', work=join, name='all connected after', unit='s', goal=15),
        Figure(key='join cpu', work=join, name='server CPU per student', unit='ms'),
        Figure(key='resident', work=join, name='server memory in the end', unit='MB'),
        Figure(key='collector', work=join, name='longest collector pause', unit='ms', goal=60),
        Figure(key='page', work=page, name='server CPU', unit='ms', goal=5),
        Figure(key='phone', work=page, name='server CPU, new browser', unit='ms'),
        Figure(key='memory', work=page, name='server memory', unit='MB', goal=0.25),
        Figure(key='receipt p50', work=steady, name='receipt p50', unit='ms'),
        Figure(key='tap cpu', work=steady, name='server CPU per tap, idle pages included', unit='ms'),
        Figure(key='receipt p99', work=steady, name='receipt p99', unit='ms', goal=25),
        Figure(key='grid p99', work=steady, name='grid p99', unit='ms', goal=100),
        Figure(key='last receipt', work=burst, name='last receipt', unit='s', goal=0.8, times_peer=1.5),
        Figure(key='last cell', work=burst, name='last cell in the grid', unit='s'),
        Figure(key='lost', work='all taps', name='lost', unit='', goal=0, worst=True),
        Figure(key='doubled', work='all taps', name='doubled', unit='', goal=0, worst=True),
        Figure(key='skipped', work='all taps', name='could not be sent', unit='', goal=0, worst=True),
        Figure(key='unanswered', work='all taps', name='without a receipt', unit='', goal=0, worst=True),
        Figure(key='unseen', work='all taps', name='never in the grid', unit='', goal=0, worst=True),
        Figure(key='grid first', work=grid, name='server CPU, first since start', unit='ms'),
        Figure(key='grid page', work=grid, name='server CPU for the page', unit='ms', goal=50),
        Figure(key='grid browser', work=grid, name='server CPU, new browser', unit='ms'),
        Figure(key='first paint', work=grid, name='first row painted', unit='s', goal=1.5),
        Figure(key='change', work=grid, name='commit to DOM, quiet', unit='ms', goal=15),
    ])  # fmt: skip
