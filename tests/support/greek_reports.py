"""The reports of the Greek school: what a teacher wrote, one report that was kept, and a link to it."""

from services.access import Actor
from services.core import database
from services.enums import ReportDetail, ReportKind
from services.reports.performance import bundles, keeping, kept_reports, links, remarks
from services.reports.performance.document import Options
from services.reports.performance.remarks import Remark

EVERYTHING = Options(kind=ReportKind.COMPREHENSIVE, detail=ReportDetail.COMPREHENSIVE)


async def greek_reports(teacher: Actor, course_id: int, student: Actor) -> dict[str, object]:
    """Write for a report and keep it; returns its id and the token of a link to it."""
    about = course_id, student.user_id
    remark = Remark(
        comment='Ρωτά πολλά.',
        behavior=90,
        effort=80,
        credit_hours=2,
        behavioral='Ησυχία',
        enrichment='Μουσείο',
        support='Λέσχη',
        for_parents='Κήπος',
    )
    await database.write(remarks.write, teacher, *about, remark=remark, seen=None)
    await database.write(remarks.add_action, teacher, *about, description='Φέρε χώμα')
    done = await database.write(remarks.add_action, teacher, *about, description='Διάβασε')
    await database.write(remarks.finish_action, student, done)
    kept = await keeping.keep(teacher, student.user_id, course_id=course_id, options=EVERYTHING, shows_parents=True)
    token = await database.write(links.make, teacher, kept)
    await database.write(links.open_, token)
    await database.write(kept_reports.open_, student, kept)
    await database.write(bundles.start, teacher, course_id, options=EVERYTHING)
    return {'kept': kept, 'token': token}
