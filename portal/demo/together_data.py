"""Projects as newspapers have described them, with their figures and where these were said. Pure data.

Names of public bodies and figures are from the reports. Days, weights, steps and scores are invented, so that there is
something to look at: the reports do not name them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

CX_SOURCE = "示例数据，来源：公开报道（2021年1月，萧山）"
BRANCH = "城厢街道机关第一党支部（演示）"


@dataclass(frozen=True)
class Line:
    """A project: its name, what it does, its field, the units that are named with it."""

    name: str
    aim: str
    field: str
    units: tuple[str, ...] = ()
    six: tuple[str, ...] = ("shared",)
    facts: Mapping[str, object] = dataclasses.field(default_factory=dict)


PROJECTS = (
    Line("初心书厢", "阅读项目。报道里只有名称，没有细节。", "culture", six=("shared", "held")),
    Line(
        "清厢之旅",
        "“清风之旅专列”，行走的党课：汤寿潜故居、衙前农民运动纪念馆等。",
        "ways",
        ("萧山区交投集团",),
        ("held", "grown"),
    ),
    Line("厢看文化", "文化项目。报道里只有名称，没有细节。", "culture", six=("held",)),
    Line(
        "美厢生活",
        "老旧小区改造：道路修缮、消防设施更换、停车扩容、拆违清理、外立面和公共部位整修、公共设施升级、管道改造、智能安防。",
        "home",
        ("萧山区住房和城乡建设局",),
        ("built", "shared"),
        {"household_count": 810, "beneficiaries": "育才东苑、万寿桥两个社区的居民", "place": "育才东苑、万寿桥"},
    ),
    Line("厢伴管家", "管家服务。报道里只有名称，没有细节。", "home"),
    Line(
        "厢气厨房",
        "两家助老餐厅（燕子河、百尺溇），按年龄七折到八折。",
        "food",
        ("萧山区民政局",),
        ("shared",),
        {"money": 250, "beneficiaries": "老年居民", "place": "燕子河、百尺溇"},
    ),
    Line("厢爱万家", "报道里只有名称，没有细节。", "rights"),
    Line("e厢吉市", "报道里只有名称，没有细节。", "other"),
    Line("乐厢健康", "报道里只有名称，没有细节。", "health"),
    Line(
        "平安厢会",
        "街面联动、街社联防、单位联动。",
        "safety",
        ("城厢派出所", "萧山区公安分局交警大队", "城厢城管中队"),
        ("talked",),
    ),
    Line(
        "鼎力相助",
        "法律咨询、心理帮助、情绪课；非遗类、培训类、便民类活动。",
        "rights",
        ("萧山区司法局", "萧山区人民法院", "共青团萧山区委", "萧山区妇女联合会"),
        ("held", "shared"),
    ),
)
STEPS: dict[str, tuple[tuple[str, int, date, date | None], ...]] = {
    "美厢生活": (
        ("育才东苑：道路和消防", 25, date(2020, 11, 30), date(2020, 11, 20)),
        ("育才东苑：外立面和停车", 25, date(2021, 3, 31), date(2021, 3, 22)),
        ("万寿桥：管道和道路", 25, date(2021, 6, 30), date(2021, 6, 18)),
        ("万寿桥：智能安防", 25, date(2027, 3, 31), None),
    ),
    "厢气厨房": (
        ("燕子河、百尺溇两家餐厅开张", 50, date(2020, 7, 31), date(2020, 7, 13)),
        ("再开一家（演示）", 50, date(2027, 4, 30), None),
    ),
    "清厢之旅": (
        ("2020年开行五趟", 50, date(2020, 12, 31), date(2020, 12, 20)),
        ("下一年的行走党课（演示）", 50, date(2027, 3, 31), None),
    ),
    "鼎力相助": (
        ("2020年办二百场活动", 50, date(2020, 12, 31), date(2020, 12, 28)),
        ("下一年的活动（演示）", 50, date(2027, 3, 31), None),
    ),
}
"""Milestones with their weights, last days and days on which they were reached (演示). Of the others the reports say
nothing of the kind: they have one step, and it is open."""
FIGURES: dict[str, tuple[tuple[str, str, str, str, tuple[tuple[date, int], ...]], ...]] = {
    "厢气厨房": (
        (
            "助餐",
            "人次",
            "month",
            "sum",
            (
                (date(2020, 7, 1), 4980),
                (date(2020, 8, 1), 6120),
                (date(2020, 9, 1), 6840),
                (date(2020, 10, 1), 7210),
                (date(2020, 11, 1), 7460),
                (date(2020, 12, 1), 7630),
                (date(2021, 1, 1), 7461),
            ),
        ),
        ("日均助餐", "人次", "month", "last", ((date(2021, 1, 1), 270),)),
    ),
    "清厢之旅": (
        ("开行", "趟", "year", "sum", ((date(2020, 1, 1), 5),)),
        ("参加党员", "人", "year", "sum", ((date(2020, 1, 1), 600),)),
    ),
    "美厢生活": (
        ("改造楼房", "幢", "year", "last", ((date(2020, 1, 1), 47),)),
        ("改造面积", "平方米", "year", "last", ((date(2020, 1, 1), 64000),)),
    ),
    "鼎力相助": (
        ("活动", "场", "year", "sum", ((date(2020, 1, 1), 200),)),
        ("参加居民", "人次", "year", "sum", ((date(2020, 1, 1), 7000),)),
    ),
}
"""By project: indicator, measure, how often, how it is reckoned, figures. The months of the meals are spread by us:
each says so."""
SPREAD = {"助餐": "演示数字，报道里只有总数"}
MEASURES = (("老人满意度", 40), ("服务质量", 30), ("价格", 15), ("年助餐人数", 15))
"""The four that the report names; the weights are invented (演示)."""
ASSESSED = (
    (
        date(2020, 7, 13),
        date(2020, 9, 30),
        (82, 76, 95, 80),
        "mend",
        "新开张，饭点排队久，限期添人手、分时段取餐（演示）。",
    ),
    (date(2020, 10, 1), date(2020, 12, 31), (92, 88, 95, 90), "reward", "老人说饭菜软、价钱公道，奖励运营方（演示）。"),
)
"""Between which days, the points of each measure, what followed, in words: all invented (演示)."""
AGREED = ("清厢之旅", "美厢生活", "厢气厨房", "平安厢会", "鼎力相助")

BS_THEMES = ("结对助老", "平安共建", "书香进社区", "义诊进社区", "金融知识课堂", "共享车位", "绿色家园")
BS_AGREEMENTS = 21
XS_DEEDS = (
    ("老旧小区加装电梯", "building", "加装电梯10台"),
    ("新增助老餐厅", "service", "新开助老餐厅2家"),
    ("社区惠民课堂", "culture", "开课80期"),
    ("楼道照明改造", "safety", "改造楼道灯1200盏"),
    ("口袋公园", "environment", "建成口袋公园3处"),
    ("停车位扩容", "traffic", "新增车位260个"),
    ("青少年成长体验馆", "culture", "开放40场"),
    ("独居老人智能监护", "security", "安装设备300套"),
    ("零工驿站", "work", "建成驿站2个"),
    ("便民维修进社区", "service", "服务60场"),
)

ASKED = ("萧山区中医院", "杭州萧山供水有限公司")
"""The units of the demo's first two liaisons."""
STORIES = (
    ("汤大伯（演示）", "路平了，车也停得下", "以前下雨天要绕着水坑走，现在门口的路平平整整，晚上灯也亮（演示）。"),
    ("祝阿姨（演示）", "装修的时候天天有人来问", "施工吵不吵、水停几点，都有人上门先说一声，心里踏实（演示）。"),
)
