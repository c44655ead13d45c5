"""The pictures of a report as vectors: lines and bars without any text, which stands beside them as text of the page.

Shapes have a class and no colour: a page colours them in its style sheet, the paper in its template.
"""

from collections.abc import Sequence

from services.reports.performance.document import Way, WeekReport

WIDTH, HEIGHT = 640, 200
PAD = 6
_GAP = 0.3
"""the share of the room of a bar that is left free"""


def way(found: Way) -> str:
    """Return the way of a learner through the course as a line, and the schedule of the course as another one."""
    first = found.points[0].day.toordinal()
    days = max(1, found.points[-1].day.toordinal() - first)
    most = max(1, found.steps)

    def place(day: int, checkpoints: int) -> str:
        across = PAD + (WIDTH - 2 * PAD) * (day - first) / days
        return f'{across:.1f},{HEIGHT - PAD - (HEIGHT - 2 * PAD) * min(checkpoints, most) / most:.1f}'

    done = [place(each.day.toordinal(), each.done) for each in found.points if each.done is not None]
    due = [place(each.day.toordinal(), each.due) for each in found.points] if found.points[-1].due else []
    lines = [f'<polyline class="report-due" points="{" ".join(due)}"/>'] if due else []
    lines.append(f'<polyline class="report-done" points="{" ".join(done)}"/>')
    if done:
        across, down = done[-1].split(',')
        lines.append(f'<circle class="report-here" cx="{across}" cy="{down}" r="5"/>')
    return _svg(lines)


def weeks(found: Sequence[WeekReport]) -> str:
    """Return the minutes of each week as bars: in class above, study on their own below."""
    most = max([1, *(week.study_minutes + week.class_minutes for week in found)])
    room = (WIDTH - 2 * PAD) / max(1, len(found))
    bars = []
    for number, week in enumerate(found):
        left, bottom = PAD + room * (number + _GAP / 2), float(HEIGHT - PAD)
        for kind, minutes in (('report-alone', week.study_minutes), ('report-class', week.class_minutes)):
            high = (HEIGHT - 2 * PAD) * minutes / most
            bottom -= high
            if minutes:
                wide = room * (1 - _GAP)
                bars.append(
                    f'<rect class="{kind}" x="{left:.1f}" y="{bottom:.1f}" width="{wide:.1f}" height="{high:.1f}"/>'
                )
    return _svg(bars)


def _svg(shapes: Sequence[str]) -> str:
    base = HEIGHT - PAD
    axis = f'<line class="report-axis" x1="{PAD}" y1="{base}" x2="{WIDTH - PAD}" y2="{base}"/>'
    box = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {box}>{axis}{"".join(shapes)}</svg>'
