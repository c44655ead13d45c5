"""What is measured and what it should be: every line of the table, in the order in which it is read."""

from bench.api import PROGRAMS
from bench.archive import GOALS as ARCHIVE_GOALS
from bench.backups import GOALS as BACKUP_GOALS
from bench.dashboards import GOALS as DASHBOARD_GOALS
from bench.dashboards import SCHOOL
from bench.exports import ROWS
from bench.figures import Figure, Table
from bench.gradebook import LEARNERS as GRADED_LEARNERS
from bench.gradebook import QUIZZES as GRADED_QUIZZES
from bench.live import QUIET_RATES, Size
from bench.lms import SIZES as LMS_SIZES
from bench.motivation import NOTICES, PARENTS
from bench.motivation_child import LEARNERS as LEARNING
from bench.motivation_child import PER_SECOND as TAPS_A_SECOND
from bench.outage import MOST
from bench.pace import CHECKPOINTS, DATABASES, LEARNERS
from bench.prediction import AUC, BRIER, COURSES, KNOWN_ECE, UNSEEN
from bench.prediction import LEARNERS as PREDICTED
from bench.privacy import ACTIVITIES
from bench.processes import COUNTS, PER_SECOND
from bench.processes import STUDENTS as SPREAD
from bench.projector import SIZES
from bench.quiz_answers import RATE as ANSWER_RATE
from bench.quizzes import LEARNERS as QUIZ_LEARNERS
from bench.quizzes import QUESTIONS
from bench.recovery import GOALS as RECOVERY_GOALS
from bench.reports import LEARNERS as REPORTED
from bench.reports import QUIZZES as REPORTED_QUIZZES
from bench.screens import COURSES as OWN_COURSES
from bench.snapshot import CHECKPOINTS as SNAPSHOT_CHECKPOINTS
from bench.snapshot import STUDENTS
from bench.tapping import PER_SECOND as TAPS
from bench.videos import VIEWERS

PARTS = (
    'join',
    'taps',
    'burst',
    'looks',
    'outage',
    'page',
    'videos',
    'grid',
    'projector',
    'screens',
    'gradebook',
    'pace',
    'quizzes',
    'mastery',
    'prediction',
    'dashboards',
    'mails',
    'lms',
    'motivation',
    'snapshot',
    'api',
    'privacy',
    'processes',
    'recovery',
    'backups',
    'archive',
    'reports',
)


def new_table(size: Size) -> Table:
    """An empty table with the goals of the live classroom."""
    join = f'{size.students} students join'
    idle = f'{size.students} connected, nobody taps'
    notices = 'mails with three notices each'
    launches, scores, people, lines = LMS_SIZES
    opened, graded = f'{launches:,} launches (LTI)', f'{scores:,} scores to a gradebook'
    listed, told = f'a school of {people:,} (OneRoster)', f'{lines:,} xAPI statements of one learner'
    earning = f'{LEARNING} learn, {TAPS_A_SECOND} taps/s, all followers'
    parents = f'Sunday: {PARENTS} parents'
    inbox = f'an inbox of {NOTICES:,} notices, service'
    steady = f'{size.students} connected, {size.per_second:g} taps/s'
    burst = f'{size.students} tap within {size.within:g} s'
    page = 'student page'
    grid = 'instructor: 500 × 30 grid'
    home = f'home of a teacher with {OWN_COURSES} courses'
    book = f'gradebook: {GRADED_LEARNERS} × {GRADED_QUIZZES}, Chromium'
    reports = f'a full report: {REPORTED_QUIZZES} quizzes, {REPORTED} learners'
    erased = f'erase a learner with {ACTIVITIES:,} activities'
    exported = f'CSV of {ROWS:,} activities'
    outage = f'{min(MOST, size.students)} lose the network for 5 s'
    pages = f'one learner, {CHECKPOINTS} steps, Chromium'
    snapshot = f'program: {STUDENTS} × {SNAPSHOT_CHECKPOINTS} state, one connection'
    known = 'nothing has moved (304)'
    quiz = f'{QUIZ_LEARNERS:,} in a quiz of {QUESTIONS}, service'
    answers = f'{QUIZ_LEARNERS:,} in a quiz, {ANSWER_RATE} answers/s over REST'
    night = f'predictions of {PREDICTED:,} learners × {COURSES} courses'
    school = f'SQLite: {SCHOOL}'
    spread = f'{SPREAD} spread over processes, {PER_SECOND:g} taps/s'
    videos = f'{VIEWERS} watch videos, a save every 5 s each'
    marks = f'{PROGRAMS} programs mark over REST'
    return Table([
        Figure(key='join', work=join, name='all connected after', unit='s', goal=15, scaled=True),
        Figure(key='join cpu', work=join, name='server CPU per student', unit='ms'),
        Figure(key='resident', work=join, name='server memory in the end', unit='MB'),
        Figure(key='collector', work=join, name='longest collector pause', unit='ms', goal=60, scaled=True),
        Figure(key='page', work=page, name='server CPU', unit='ms', goal=4, scaled=True),
        Figure(key='phone', work=page, name='server CPU, new browser', unit='ms'),
        Figure(key='memory', work=page, name='server memory', unit='MB', goal=0.17),
        Figure(key='idle', work=idle, name='share of a core', unit='%', goal=3, scaled=True),
        *(figure for rate in QUIET_RATES for figure in _quiet(size.students, rate)),
        Figure(key='receipt p50', work=steady, name='receipt p50', unit='ms', times_peer=3),
        Figure(key='tap cpu', work=steady, name='server CPU per tap, idle pages included', unit='ms', times_peer=1.8),
        Figure(key='looks', work=steady, name='presence and lagging, share of a core', unit='%', goal=10),
        Figure(key='receipt p99', work=steady, name='receipt p99', unit='ms', times_peer=4),
        Figure(key='grid p99', work=steady, name='grid p99', unit='ms', goal=100, scaled=True),
        Figure(key='last receipt', work=burst, name='last receipt', unit='s', times_peer=0.85),
        Figure(key='last cell', work=burst, name='last cell in the grid', unit='s'),
        Figure(key='lost', work='all taps', name='lost', unit='', goal=0, worst=True),
        Figure(key='doubled', work='all taps', name='doubled', unit='', goal=0, worst=True),
        Figure(key='skipped', work='all taps', name='could not be sent', unit='', goal=0, worst=True),
        Figure(key='unanswered', work='all taps', name='without a receipt', unit='', goal=0, worst=True),
        Figure(key='unseen', work='all taps', name='never in the grid', unit='', goal=0, worst=True),
        Figure(key='outage right', work=outage, name='last page right after its return', unit='s', goal=10, worst=True),
        Figure(key='outage p99', work=outage, name='page right after its return, p99', unit='s'),
        Figure(key='outage wrong', work=outage, name='pages never right', unit='', goal=0, worst=True),
        Figure(key='outage lost', work=outage, name='taps lost', unit='', goal=0, worst=True),
        Figure(key='outage doubled', work=outage, name='taps doubled', unit='', goal=0, worst=True),
        Figure(key='outage unanswered', work=outage, name='later taps unanswered', unit='', goal=0, worst=True),
        Figure(key='grid first', work=grid, name='server CPU, first since start', unit='ms'),
        Figure(key='grid page', work=grid, name='server CPU for the page', unit='ms', goal=50, scaled=True),
        Figure(key='grid browser', work=grid, name='server CPU, new browser', unit='ms'),
        Figure(key='first paint', work=grid, name='first row painted', unit='s', goal=1.5, scaled=True),
        Figure(key='change', work=grid, name='commit to DOM, quiet', unit='ms', goal=15, scaled=True),
        Figure(key='panel', work=grid, name='press to the side panel', unit='ms', goal=150, scaled=True),
        Figure(key='home', work=home, name='server CPU for the page', unit='ms', goal=20, scaled=True),
        *(figure for density, learners in SIZES.items() for figure in _projector(density, learners)),
        Figure(key='gradebook page', work=book, name='server CPU for the page', unit='ms', goal=60, scaled=True),
        Figure(key='gradebook paint', work=book, name='first row painted', unit='s', goal=0.6, scaled=True),
        Figure(key='gradebook typed', work=book, name='typed grade to its total', unit='ms', goal=50, scaled=True),
        Figure(key='erase 50,000', work=erased, name='until nothing is left', unit='s', goal=2, scaled=True),
        Figure(key='erase wait', work=erased, name='longest wait of a tap meanwhile', unit='ms', goal=100, scaled=True),
        *(figure for name in ('alone', *map(str, COUNTS)) for figure in _processes(spread, name)),
        Figure(key='processes unseen', work=spread, name='never in the grid', unit='', goal=0, worst=True),
        Figure(key='processes unanswered', work=spread, name='without a receipt', unit='', goal=0, worst=True),
        *RECOVERY_GOALS,
        *BACKUP_GOALS,
        *ARCHIVE_GOALS,
        Figure(key='look', work='a look at data of others', name='more with its row', unit='ms', goal=1, scaled=True),
        Figure(key='report value', work=reports, name='CPU as a value', unit='ms'),
        Figure(key='report pdf', work=reports, name='CPU as PDF with pictures', unit='ms', goal=400, scaled=True),
        Figure(key='report class', work=reports, name='500 of them, two at a time', unit='s', goal=90, scaled=True),
        Figure(key='report wait', work=reports, name=f'{TAPS} taps/s meanwhile, p99', unit='ms', goal=40, scaled=True),
        Figure(key='report stop', work=reports, name='longest stop of the loop', unit='ms', goal=40, scaled=True),
        Figure(key='export rows', work=exported, name='rows a second', unit=''),
        Figure(key='export seconds', work=exported, name='until it is there', unit='s', goal=10, scaled=True),
        Figure(key='export memory', work=exported, name='more memory than before', unit='MB', goal=50),
        Figure(key='export wait', work=exported, name=f'{TAPS} taps/s then, p99', unit='ms', goal=100, scaled=True),
        Figure(key='tick p50', work=pages, name='click to tick p50', unit='ms'),
        Figure(key='tick p95', work=pages, name='click to tick p95', unit='ms', goal=50, scaled=True),
        *(figure for database in DATABASES for figure in _pace(database)),
        Figure(key='answers p50', work=answers, name='receipt p50', unit='ms'),
        Figure(key='answers p99', work=answers, name='receipt p99', unit='ms', goal=15, scaled=True, times_peer=2),
        Figure(key='answers cpu', work=answers, name='server CPU for an answer', unit='ms'),
        Figure(key='quiz receipt p50', work=quiz, name='200 answers/s: receipt p50', unit='ms'),
        Figure(key='quiz receipt p99', work=quiz, name='200 answers/s: receipt p99', unit='ms', goal=15, scaled=True),
        Figure(key='quiz answer cpu', work=quiz, name='CPU for an answer', unit='ms'),
        Figure(key='quiz opening', work=quiz, name='CPU to open it, without the page', unit='ms', goal=8, scaled=True),
        Figure(key='quiz expiry', work=quiz, name='all expire in a second: graded', unit='ms', goal=2000, scaled=True),
        Figure(key='quiz expiry wait', work=quiz, name='longest wait meanwhile', unit='ms', goal=100, scaled=True),
        Figure(key='quiz analysis', work=quiz, name='item analysis', unit='ms', goal=500, scaled=True),
        Figure(key='quiz regrade', work=quiz, name='regrade of all', unit='ms', goal=2000, scaled=True),
        Figure(key='quiz regrade wait', work=quiz, name='longest wait meanwhile', unit='ms', goal=100, scaled=True),
        Figure(key='quiz import', work=quiz, name='reading 1,000 questions (GIFT)', unit='ms', goal=2000, scaled=True),
        Figure(key='mastery auc', work='each answer, before it is given', name='AUC', unit='', goal=0.7, more=True),
        Figure(key='mastery brier', work='each answer, before it is given', name='Brier', unit=''),
        Figure(key='mastery log loss', work='each answer, before it is given', name='log loss', unit=''),
        Figure(key='mastery ece', work='each answer, before it is given', name='ECE', unit='', goal=0.02),
        Figure(key='mastery near', work='made-up answers', name='of the way to the best', unit='%', goal=75, more=True),
        Figure(key='mastery rate', work='made-up answers', name='per second of CPU', unit='', goal=50_000, more=True),
        *(figure for week in AUC for figure in _prediction(week)),
        Figure(key='night first', work=night, name='everything is new', unit='s', goal=20, scaled=True),
        Figure(key='night cpu', work=night, name='its CPU', unit='s'),
        Figure(key='night second', work=night, name='nothing is new', unit='s'),
        Figure(key='night stop', work=night, name='longest stop of the loop meanwhile', unit='s'),
        Figure(key='night memory', work=night, name='memory of the process', unit='MB', goal=300),
        Figure(key='night memory before', work=night, name='memory before', unit='MB'),
        *(figure for database in DATABASES for figure in _dashboards(database)),
        Figure(key='mails collected', work=notices, name='collected for people a second', unit='/s', more=True),
        Figure(key='mails sent', work=notices, name='mails sent a second', unit='/s', goal=50, more=True),
        Figure(key='mails cpu', work=notices, name='meanwhile, of one core', unit='%'),
        Figure(key='mails stop', work=notices, name='longest stop of the event loop', unit='ms', goal=100, scaled=True),
        Figure(key='lms launch cpu', work=opened, name='CPU of one', unit='ms', goal=15, scaled=True),
        Figure(key='lms launch', work=opened, name='time of one', unit='ms'),
        Figure(key='lms scores per second', work=graded, name='sent in a second', unit='/s', goal=50, more=True),
        Figure(key='lms score cpu', work=graded, name='CPU of one, with the taps', unit='ms'),
        Figure(key='lms scores stop', work=graded, name='longest stop of the loop', unit='ms', goal=100, scaled=True),
        Figure(key='lms tap alone p99', work=graded, name='tap p99 alone', unit='ms'),
        Figure(key='lms tap beside p99', work=graded, name='tap p99 meanwhile', unit='ms', goal=40, scaled=True),
        Figure(key='lms school', work=listed, name='read, compared, brought in', unit='s'),
        Figure(key='lms school cpu', work=listed, name='its CPU', unit='s', goal=5, scaled=True),
        Figure(key='lms school stop', work=listed, name='longest stop of the loop', unit='ms', goal=100, scaled=True),
        Figure(key='lms statements per second', work=told, name='in a second', unit='/s', goal=3000, more=True),
        Figure(key='lms statements memory', work=told, name='memory beside the first part', unit='MB', goal=50),
        Figure(key='lms statements stop', work=told, name='longest stop of the loop', unit='ms', goal=100, scaled=True),
        Figure(key='motivation badge p50', work=earning, name='badge on the screen after the tap p50', unit='ms'),
        Figure(key='motivation badge p99', work=earning, name='p99', unit='ms', goal=1000, scaled=True),
        Figure(key='motivation lag p50', work=earning, name='oldest activity not taken p50', unit='ms'),
        Figure(key='motivation lag most', work=earning, name='most', unit='ms', goal=1000, scaled=True),
        Figure(key='motivation receipt alone p99', work=earning, name='receipt without followers p99', unit='ms'),
        Figure(
            key='motivation receipt beside p99',
            work=earning,
            name='receipt with them p99',
            unit='ms',
            times_own=('motivation receipt alone p99', 1.05),
        ),
        Figure(key='motivation cpu', work=earning, name='followers and screens, of one core', unit='%'),
        Figure(key='parents written', work=parents, name='mails in the outbox', unit='s'),
        Figure(key='parents sent', work=parents, name='mails sent', unit='s', goal=60, scaled=True),
        Figure(key='parents cpu', work=parents, name='their CPU', unit='s'),
        Figure(key='parents stop', work=parents, name='longest stop of the loop', unit='ms', goal=100, scaled=True),
        Figure(key='inbox first p95', work=inbox, name='first page p95', unit='ms', goal=5, scaled=True),
        Figure(key='inbox first cpu', work=inbox, name='its CPU', unit='ms'),
        Figure(key='inbox below p95', work=inbox, name='a page far below p95', unit='ms', goal=5, scaled=True),
        Figure(key='inbox search p95', work=inbox, name='words that no notice has p95', unit='ms'),
        Figure(key='inbox search cpu', work=inbox, name='its CPU', unit='ms'),
        Figure(key='chart', work=school, name='first chart after the click, Chromium', unit='s', goal=1, scaled=True),
        Figure(key='seen', work=school, name='an activity seen on an open dashboard', unit='s', goal=2, scaled=True),
        Figure(key='snapshot moved p50', work=snapshot, name='after a change p50', unit='ms'),
        Figure(key='snapshot moved p95', work=snapshot, name='after a change p95', unit='ms', goal=15, scaled=True),
        Figure(key='snapshot same p50', work=snapshot, name='the same for one more p50', unit='ms'),
        Figure(key='snapshot same p95', work=snapshot, name='the same for one more p95', unit='ms'),
        Figure(key='snapshot known p50', work=snapshot, name=f'{known} p50', unit='ms'),
        Figure(key='snapshot known p95', work=snapshot, name=f'{known} p95', unit='ms', goal=2, scaled=True),
        Figure(key='videos cpu', work=videos, name='server CPU, of one core', unit='%', goal=25),
        Figure(key='videos save', work=videos, name='server CPU per save, idle pages included', unit='ms'),
        Figure(key='videos lost', work=videos, name='seconds lost after kill -9', unit='s', goal=5.5, worst=True),
        Figure(key='api rate', work=marks, name='marks in a second', unit='', times_peer=1.5, more=True),
        Figure(key='api p50', work=marks, name='answer p50', unit='ms'),
        Figure(key='api p99', work=marks, name='answer p99', unit='ms', times_peer=1),
        Figure(key='api cpu', work=marks, name='server CPU per mark', unit='ms'),
        Figure(key='api lost', work=marks, name='lost', unit='', goal=0, worst=True),
    ])  # fmt: skip


def _quiet(students: int, rate: int) -> list[Figure]:
    """Few taps, between which nothing may stand in the loop."""
    work, p50 = f'{students} connected, {rate} taps/s', f'receipt p50 at {rate}/s'
    return [
        Figure(key=p50, work=work, name='receipt p50', unit='ms'),
        Figure(key=f'receipt p99 at {rate}/s', work=work, name='receipt p99', unit='ms', times_own=(p50, 4)),
    ]


def _prediction(week: int) -> list[Figure]:
    """How good the shipped model is on public data (OULAD 2014J) at the end of a week."""
    work, weeks = 'prediction on OULAD 2014J', f'week {week}'
    return [
        Figure(key=f'predict auc {week}', work=work, name=f'AUC, {weeks}', unit='', goal=AUC[week], more=True),
        Figure(key=f'predict brier {week}', work=work, name=f'Brier, {weeks}', unit='', goal=BRIER[week]),
        Figure(
            key=f'predict unseen {week}', work=work, name=f'AUC, {weeks}, course never seen', unit='',
            goal=UNSEEN[week], more=True,
        ),
        Figure(key=f'predict ece {week}', work=work, name=f'ECE, {weeks}', unit=''),
        Figure(
            key=f'predict known ece {week}', work=work, name=f'ECE, {weeks}, base rate known', unit='', goal=KNOWN_ECE
        ),
    ]  # fmt: skip


def _dashboards(database: str) -> list[Figure]:
    """The dashboards of a school on one kind of database, beside pandas on the raw log."""
    work, figures = f'{database}: {SCHOOL}', []
    for name, goal in DASHBOARD_GOALS.items():
        key, more = f'{database} {name}', f'{name} growth'
        figures += [
            Figure(key=f'{key} p50', work=work, name=f'{name} p50', unit='ms'),
            Figure(key=f'{key} p95', work=work, name=f'{name} p95', unit='ms', goal=goal, scaled=True),
            Figure(key=f'{key} cpu', work=work, name=f'{name}, CPU p50', unit='ms'),
            Figure(key=f'{key} cpu p95', work=work, name=f'{name}, CPU p95', unit='ms', goal=goal, scaled=True),
            Figure(key=f'{database} {more}', work=work, name=f'{name}, ten times the activities', unit='×', goal=1.3),
        ]
    rebuilding, tap = f'{database} rebuild', f'{database} tap'
    return [
        *figures,
        Figure(key=f'{database} admin first cpu', work=work, name='admin, first of a day, CPU', unit='ms'),
        Figure(key=f'{database} school time', work=work, name='time of all courses, a year', unit='s'),
        Figure(key=f'{database} school time cpu', work=work, name='its CPU', unit='s', goal=2, scaled=True),
        Figure(key=rebuilding, work=work, name='all totals counted anew', unit='s', goal=60, scaled=True),
        Figure(key=f'{rebuilding} cpu', work=work, name='its CPU, taps included', unit='s'),
        Figure(key=f'{tap} alone p99', work=work, name='tap p99 alone', unit='ms'),
        Figure(key=f'{tap} beside p50', work=work, name='tap p50 meanwhile', unit='ms'),
        Figure(key=f'{tap} beside p99', work=work, name='tap p99 meanwhile', unit='ms', goal=40, scaled=True),
    ]


def _projector(density: str, learners: int) -> list[Figure]:
    """What a class of one size costs on the projector."""
    work = f'projector: {learners} × 30, {density}'
    return [
        Figure(key=f'{density} page', work=work, name='server CPU for the page', unit='ms', goal=30, scaled=True),
        Figure(key=f'{density} paint', work=work, name='class painted', unit='s', goal=0.6, scaled=True),
        Figure(key=f'{density} change', work=work, name='commit to DOM, quiet', unit='ms', goal=12, scaled=True),
    ]


def _pace(database: str) -> list[Figure]:
    """Learning at one's own pace on one kind of database."""
    course = f'{database}: {LEARNERS:,} learners × {CHECKPOINTS} steps'
    return [
        Figure(key=f'{database} mark p50', work=course, name='mark complete, service p50', unit='ms'),
        Figure(
            key=f'{database} mark p95', work=course, name='mark complete, service p95', unit='ms', goal=10, scaled=True
        ),
        Figure(key=f'{database} continue p50', work=course, name='continue learning p50', unit='ms'),
        Figure(
            key=f'{database} continue p95', work=course, name='continue learning p95', unit='ms', goal=5, scaled=True
        ),
        Figure(key=f'{database} summary p50', work=course, name='course summary p50', unit='ms'),
        Figure(key=f'{database} summary p95', work=course, name='course summary p95', unit='ms', goal=5, scaled=True),
        Figure(key=f'{database} sign p50', work=course, name='500 study: a sign of life p50', unit='ms'),
        Figure(key=f'{database} sign p95', work=course, name='500 study: a sign of life p95', unit='ms'),
        Figure(key=f'{database} sign cpu', work=course, name='500 study: CPU in a second', unit='ms'),
        Figure(
            key=f'{database} deletion',
            work=course,
            name='a step is deleted: all percentages',
            unit='ms',
            goal=1000,
            scaled=True,
        ),
        Figure(
            key=f'{database} wait',
            work=course,
            name='longest wait of a tap meanwhile',
            unit='ms',
            goal=100,
            scaled=True,
        ),
        Figure(
            key=f'{database} stop',
            work=course,
            name='longest stop of the loop meanwhile',
            unit='ms',
            goal=100,
            scaled=True,
        ),
        Figure(key=f'{database} reload', work=course, name='its grid is loaded again after', unit='ms'),
        Figure(key=f'{database} repair', work=course, name='recalculation by hand', unit='ms'),
        Figure(
            key=f'{database} repair wait',
            work=course,
            name='longest wait of a tap meanwhile',
            unit='ms',
            goal=100,
            scaled=True,
        ),
    ]


def _processes(work: str, name: str) -> list[Figure]:
    """What a tap costs on so many processes; `alone` is one without Redis."""
    what = 'one alone, no Redis' if name == 'alone' else f'on {name}'
    most = ('processes 1 cpu', 1.25) if name == '4' else None
    return [
        Figure(key=f'processes {name} cpu', work=work, name=f'{what}: CPU of a tap', unit='ms', times_own=most),
        Figure(key=f'processes {name} postgres', work=work, name=f'{what}: of PostgreSQL', unit='ms'),
        Figure(key=f'processes {name} redis', work=work, name=f'{what}: of Redis', unit='ms'),
        Figure(key=f'processes {name} grid p99', work=work, name=f'{what}: grid p99', unit='ms', goal=80, scaled=True),
    ]
