"""The pages; `register` declares them all. Their order does not matter, but the catch-all page comes last."""

from ui.accounts import account_page, kept_page, own_data_page, parent_page, second_factor_page, sign_in_page
from ui.analytics import admin_page, educator_page, export_page, learner_page, prediction_page, school_time_page
from ui.assignments import assignment_page, desk_page, submissions_page
from ui.content import preview_page
from ui.courses import course_editor_page, new_course_page
from ui.deadlines import calendar_page
from ui.goals import goals_page, motivation_pages
from ui.grades import gradebook_page, import_grades_page, own_grades_page
from ui.home import help_page, home_page
from ui.learn import about_page, class_material, learn_page, study_time_page
from ui.live import attendance_page, live_page, own_class_page, projector_page, replay_page
from ui.lms import arrival_pages, course_lms_page, platforms_page
from ui.notes import notes_page
from ui.notices import choices_page, inbox_page
from ui.parents import children_page, parents_page
from ui.people import guest_codes_page, people_page
from ui.quizzes import (
    attempt_page,
    bank_page,
    grading_page,
    import_page,
    question_page,
    quiz_editor_page,
    quiz_page,
    results_page,
)
from ui.reports import class_reports_page, report_page
from ui.school import lists_page, mail_page, privacy_page, school_page, settings_page
from ui.shell import not_found_page


def register() -> None:
    """Declare every page."""
    home_page.create()
    sign_in_page.create()
    parent_page.create()
    own_class_page.create(class_material.drawer)
    learn_page.create()
    about_page.create()
    quiz_page.create()
    assignment_page.create()
    submissions_page.create()
    desk_page.create()
    live_page.create()
    projector_page.create()
    new_course_page.create()
    course_editor_page.create()
    attendance_page.create()
    educator_page.create()
    export_page.create()
    learner_page.create()
    admin_page.create()
    school_time_page.create()
    prediction_page.create()
    report_page.create()
    class_reports_page.create()
    people_page.create()
    bank_page.create()
    question_page.create()
    quiz_editor_page.create()
    results_page.create()
    attempt_page.create()
    import_page.create()
    grading_page.create()
    gradebook_page.create()
    import_grades_page.create()
    own_grades_page.create()
    guest_codes_page.create()
    study_time_page.create()
    replay_page.create()
    account_page.create()
    second_factor_page.create()
    own_data_page.create()
    kept_page.create()
    preview_page.create()
    school_page.create()
    settings_page.create()
    mail_page.create()
    lists_page.create()
    privacy_page.create()
    platforms_page.create()
    course_lms_page.create()
    arrival_pages.create()
    goals_page.create()
    children_page.create()
    calendar_page.create()
    motivation_pages.create()
    parents_page.create()
    notes_page.create()
    choices_page.create()
    inbox_page.create()
    help_page.create()
    not_found_page.create()  # matches every address, so it comes last
