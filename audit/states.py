"""What is written down: pure names, no rows."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Action(models.TextChoices):
    """Kinds of entries. What happens to a need is its own history; here stands who came and who looked."""

    SIGN_IN = "sign_in", _("登录")
    SIGN_IN_FAILED = "sign_in_failed", _("登录失败")
    SIGN_OUT = "sign_out", _("退出")
    LOCKOUT = "lockout", _("登录锁定")
    PASSWORD_CHANGED = "password_changed", _("修改密码")
    ACCOUNT_CREATED = "account_created", _("建立账号")
    ACCOUNT_SWITCHED = "account_switched", _("启用或停用账号")
    ACCOUNT_RENAMED = "account_renamed", _("改姓名")
    ACCOUNT_CONTACT = "account_contact", _("改联系方式")
    LOOKUP = "lookup", _("按手机号查找账号")
    GRANT = "grant", _("授予角色")
    GRANT_ENDED = "grant_ended", _("结束角色")
    AREA_CHANGED = "area_changed", _("修改区域")
    CATEGORY_CHANGED = "category_changed", _("修改诉求类别")
    DIAL = "dial", _("拨打电话")
    REVEAL = "reveal", _("查看联系方式")
    EXPORT = "export", _("导出")
    DOWNLOAD = "download", _("下载")
    CALENDAR_CHANGED = "calendar_changed", _("修改工作日历")
    LIMIT_CHANGED = "limit_changed", _("修改时限或提醒")
    DUE_RETRIED = "due_retried", _("重办到期事项")
    DUE_CANCELLED = "due_cancelled", _("取消到期事项")
    ROBOT_CHANGED = "robot_changed", _("修改群机器人")
    TEXT_CHANGED = "text_changed", _("修改消息文本")
    MESSAGE_RETRIED = "message_retried", _("重发消息")
    MESSAGE_CANCELLED = "message_cancelled", _("取消消息")
    CARD_ANSWERED = "card_answered", _("凭链接答复")
    CONSENT_WITHDRAWN = "consent_withdrawn", _("撤回同意")
    SESSIONS_ENDED = "sessions_ended", _("退出所有设备")
    ERASED = "erased", _("删除本人信息")
    WISH_POLICY_CHANGED = "wish_policy_changed", _("修改微心愿设置")
    UNIT_SUSPENDED = "unit_suspended", _("暂停单位")
    UNIT_RESTORED = "unit_restored", _("恢复单位")
    REGISTER_CHANGED = "register_changed", _("修改登记")
    UNITS_PLACED = "units_placed", _("调整界别片区")
    UNITS_MERGED = "units_merged", _("合并单位")
    MERGE_UNDONE = "merge_undone", _("撤销合并")
    DOCUMENT_PUBLISHED = "document_published", _("发布文件")
    MODE_CHANGED = "mode_changed", _("平时战时转换")
    IMPORTED = "imported", _("导入")
    IMPORT_UNDONE = "import_undone", _("撤销导入")
    POINT_RULE_CHANGED = "point_rule_changed", _("修改积分规则")
    POINTS_GIVEN = "points_given", _("补记积分")
    POINTS_REVERSED = "points_reversed", _("冲正积分")
    DESK_LOCKED = "desk_locked", _("核销台锁定")
