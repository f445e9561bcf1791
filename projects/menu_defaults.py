"""The service menu that a first year begins with: five that every unit is asked for, five that it may choose."""

from __future__ import annotations

from projects.states import MenuKind

MENU: list[tuple[MenuKind, str, str]] = [
    (MenuKind.REQUIRED, "助老探访与助餐", "看望独居老人，帮着送餐、办事"),
    (MenuKind.REQUIRED, "健康义诊", "量血压、测血糖、看常见病"),
    (MenuKind.REQUIRED, "法律心理咨询", "法律援助、心理疏导、情绪课"),
    (MenuKind.REQUIRED, "微心愿圆梦", "认领困难家庭的微心愿"),
    (MenuKind.REQUIRED, "安全隐患排查", "消防、用电、燃气，查一查教一教"),
    (MenuKind.OPTIONAL, "聚沙讲堂", "高校、党校老师来讲课"),
    (MenuKind.OPTIONAL, "梦未来·成长体验馆", "孩子的职业体验日"),
    (MenuKind.OPTIONAL, "惠民课堂", "手机摄影、太极拳、国画等课程"),
    (MenuKind.OPTIONAL, "垃圾分类公益行", "桶边值守、入户宣传"),
    (MenuKind.OPTIONAL, "文艺进社区", "演出、书画、电影"),
]
