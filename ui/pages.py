"""The pages; `register` declares them all. Their order does not matter, but the catch-all page comes last."""

from ui.accounts import account, sign_in
from ui.content import preview
from ui.courses import course_editor, courses
from ui.goals import goals
from ui.home import home
from ui.learn import learn, study_time
from ui.live import attendance, live, own_class_page, projector, replay
from ui.notes import notes
from ui.people import people
from ui.school import school
from ui.shell import not_found


def register() -> None:
    """Declare every page."""
    home.create()
    sign_in.create()
    own_class_page.create()
    learn.create()
    live.create()
    projector.create()
    courses.create()
    course_editor.create()
    attendance.create()
    people.create()
    study_time.create()
    replay.create()
    account.create()
    preview.create()
    school.create()
    goals.create()
    notes.create()
    not_found.create()  # matches every address, so it comes last
