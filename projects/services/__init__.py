"""Agreements: draft, have them confirmed, approved, signed; amend, end. Projects: draft, plan, start, reach, finish."""

from __future__ import annotations

from projects.services.amending import draft_amendment, edit_amendment
from projects.services.answering import answer_ask, confirm_on_paper, sheets_of
from projects.services.closing import agree_to_end, ask_close, ask_end, keep_agreement
from projects.services.deciding import approve_paper, refuse_paper
from projects.services.drafting import AgreementFields, draft_agreement, edit_agreement
from projects.services.ending import leave_agreement, renew_agreement, review_agreement
from projects.services.keeping import appoint_commissioner, show_agreement
from projects.services.linked import Linked, link_project, unlink_project
from projects.services.project_drafting import draft_project, edit_project, plan_milestones, start_project
from projects.services.project_ending import agree_to_end_project, ask_finish, keep_project, stop_project
from projects.services.project_fields import MilestoneGiven, ProjectFields
from projects.services.project_offers import offer_of, publish_project, unpublish_project
from projects.services.project_running import reach_milestone, reopen_milestone
from projects.services.project_units import confirm_part, join_project, leave_project
from projects.services.sending import drop_paper, recall_paper, send_paper
from projects.services.signing import add_scan, scans_of, sign_paper
from projects.services.thread import Knot, thread
from projects.services.verifying import Verdict, verify
from projects.services.wording import compose as wording_of

__all__ = [
    "AgreementFields",
    "Knot",
    "Linked",
    "MilestoneGiven",
    "ProjectFields",
    "Verdict",
    "add_scan",
    "agree_to_end",
    "agree_to_end_project",
    "answer_ask",
    "appoint_commissioner",
    "approve_paper",
    "ask_close",
    "ask_end",
    "ask_finish",
    "confirm_on_paper",
    "confirm_part",
    "draft_agreement",
    "draft_amendment",
    "draft_project",
    "drop_paper",
    "edit_agreement",
    "edit_amendment",
    "edit_project",
    "join_project",
    "keep_agreement",
    "keep_project",
    "leave_agreement",
    "leave_project",
    "link_project",
    "offer_of",
    "plan_milestones",
    "publish_project",
    "reach_milestone",
    "recall_paper",
    "refuse_paper",
    "renew_agreement",
    "reopen_milestone",
    "review_agreement",
    "scans_of",
    "send_paper",
    "sheets_of",
    "show_agreement",
    "sign_paper",
    "start_project",
    "stop_project",
    "thread",
    "unlink_project",
    "unpublish_project",
    "verify",
    "wording_of",
]
