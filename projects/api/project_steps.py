"""The steps of a project over the API: one service each, as the pages take them."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from projects import services
from projects.api import rows
from projects.api import shapes as typed
from projects.api.steps import SEEN, Of, ProjectStepRequest, ProjectWordsRequest, step
from projects.services.assessing import set_yardsticks, show_assessments

PROJECT = Of("projects", rows.found, rows.one, typed.ProjectOne)


class ShowAssessmentsRequest(ProjectStepRequest):
    is_public = serializers.BooleanField(label="公开")
    seen_warnings = serializers.CharField(**SEEN)


def _of(name: str, doc: str, service: Any, shape: Any = ProjectStepRequest) -> Any:
    return step(PROJECT, name, doc, service, shape)


Edit = _of("edit", "改内容；没写的就空着。", services.edit_project, typed.ProjectEditRequest)
Plan = _of("plan", "排节点：全部写上，加起来100%；完成了的不能去掉。", services.plan_milestones, typed.PlanRequest)
Start = _of("start", "开始实施：有专员、支部，节点正好100%，请来的单位都确认了。", services.start_project)
Publish = _of("publish", "发布认领，谁认领谁牵头。", services.publish_project, typed.PublishRequest)
Unpublish = _of("unpublish", "撤下认领，认领的单位会收到消息。", services.unpublish_project, ProjectWordsRequest)
Join = _of("join", "请单位参加；签过这份协议的不用再确认。", services.join_project, typed.JoinRequest)
Agree = _of("agree", "单位确认参加。", services.confirm_part, typed.UnitRequest)
Leave = _of("leave", "单位退出；认领来的，退回认领。", services.leave_project, typed.ProjectLeaveRequest)
Link = _of("link", "关联一件诉求、微心愿、资源或预约。", services.link_project, typed.LinkRequest)
Unlink = _of("unlink", "取消关联。", services.unlink_project, typed.LinkRequest)
Reach = _of("reach", "完成节点。", services.reach_milestone, typed.ReachRequest)
Reopen = _of("reopen", "节点重办。", services.reopen_milestone, typed.ReopenRequest)
Finish = _of(
    "finish", "申请办结：节点都完成，写上成效；另一位审批的人同意才结束。", services.ask_finish, typed.FinishRequest
)
Stop = _of(
    "stop", "终止：草稿马上终止，实施中的由另一位审批的人同意才结束。", services.stop_project, ProjectWordsRequest
)
AgreeToEnd = _of("agree_to_end", "同意结束；申请的人自己不能同意。", services.agree_to_end_project)
KeepOn = _of("keep_on", "不结束，继续办：收回申请，或者不同意。", services.keep_project, ProjectWordsRequest)
Scale = _of("scale", "定考核办法，加起来100%。", set_yardsticks, typed.ScaleRequest)
ShowAssessments = _of(
    "show_assessments", "公开考核，以后的也公开；或者不公开。", show_assessments, ShowAssessmentsRequest
)
