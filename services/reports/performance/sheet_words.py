"""What a report calls the things that it has words for."""

from collections.abc import Mapping

from services.core.phrases import Phrase, phrase
from services.enums import ActionPriority, ReportReader
from services.goals.status import Outlook
from services.reports.performance.document import Mastery, Schedule, ScoreTrend

DONE, OPEN = phrase('done'), phrase('open')
SCHEDULES: Mapping[Schedule, Phrase] = {
    Schedule.COMPLETED: phrase('Completed'),
    Schedule.PAUSED: phrase('Paused'),
    Schedule.AHEAD: phrase('Ahead of the schedule'),
    Schedule.ON_SCHEDULE: phrase('On schedule'),
    Schedule.BEHIND: phrase('Behind the schedule'),
    Schedule.NO_SCHEDULE: phrase('No schedule'),
}
TRENDS: Mapping[ScoreTrend, Phrase] = {
    ScoreTrend.IMPROVING: phrase('better than before'),
    ScoreTrend.STABLE: phrase('as before'),
    ScoreTrend.DECLINING: phrase('lower than before'),
}
LEVELS: Mapping[Mastery, Phrase] = {
    Mastery.BEGINNER: phrase('to practise'),
    Mastery.DEVELOPING: phrase('on the way'),
    Mastery.PROFICIENT: phrase('sure'),
    Mastery.ADVANCED: phrase('very sure'),
}
GOALS: Mapping[Outlook, Phrase] = {
    Outlook.ON_TRACK: phrase('on track'),
    Outlook.AT_RISK: phrase('at risk'),
    Outlook.ACHIEVED: phrase('achieved'),
    Outlook.MISSED: phrase('missed'),
}
PRIORITIES: Mapping[ActionPriority, Phrase] = {
    ActionPriority.HIGH: phrase('high'),
    ActionPriority.MEDIUM: phrase('medium'),
    ActionPriority.LOW: phrase('low'),
}
DOERS: Mapping[ReportReader, Phrase] = {
    ReportReader.STUDENT: phrase('the learner'),
    ReportReader.PARENT: phrase('parents'),
    ReportReader.TEACHER: phrase('the teacher'),
    ReportReader.ADMINISTRATOR: phrase('the school'),
}
