"""What is shared in the demo: 临平's warehouse in four classes, 大关's stations, a few things of 城厢. Pure data.

Communities are official names; every unit and everything that is shared is invented and says 演示.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

LINPING, DAGUAN = "330113001", "330105007"
DAY, EVENING = (540, 1020), (1080, 1260)
"""9:00–17:00, 18:00–21:00."""
WORKDAYS = tuple((day, *DAY) for day in range(1, 6))
EVERY_DAY = tuple((day, 510, 1230) for day in range(1, 8))
SATURDAY = ((6, 540, 690),)


@dataclass(frozen=True)
class Sort:
    """A kind and how one of it reads; ``number``: how many fit, or how many pieces there are."""

    kind: str
    name: str
    words: str
    number: int = 1
    hours: tuple[tuple[int, int, int], ...] = WORKDAYS
    for_people: bool = False
    emergency: bool = False


V, G = "capacity", "quantity"
MEASURE = {"meeting-room": V, "activity-room": V, "sports": V}
"""Of which kinds the number says how many fit; of the others it is a quantity."""

CLASSES: dict[str, tuple[tuple[Sort, ...], ...]] = {
    "场地": (
        (Sort("meeting-room", "会议室", "有投影和白板，可以开小组会。", 30),),
        (Sort("activity-room", "活动教室", "可以上课、排练、做手工。", 40, for_people=True),),
        (
            Sort("sports", "羽毛球场地", "带一副球网，自带球拍。", 12, ((6, 480, 1200), (7, 480, 1200)), True),
            Sort(
                "parking", "错峰停车位", "下班以后和周末可以停。", 20, tuple((n, *EVENING) for n in range(1, 8)), True
            ),
            Sort("visiting", "参观点", "约好时间，有人讲解。", 1, SATURDAY),
        ),
    ),
    "人才": (
        (
            Sort("lecturer", "党课讲师", "讲身边的事，一次一个半小时。"),
            Sort("mediator", "律师调解员", "邻里纠纷，先坐下来谈。"),
        ),
        (
            Sort("medic", "医护", "量血压、问用药，可以进小区。", 1, SATURDAY, True),
            Sort("counsellor", "心理咨询师", "一次一人，说的话不外传。", 1, WORKDAYS, True),
            Sort("artist", "文艺骨干", "教唱歌、排节目、写春联。"),
        ),
    ),
    "服务": (
        (
            Sort("clinic", "义诊", "内科、骨科、中医，半天一次。", 1, SATURDAY),
            Sort("haircut", "理发", "给走不出家门的老人剪头发。", 1, WORKDAYS, True),
        ),
        (
            Sort("repair", "小家电维修", "电饭煲、台灯、收音机。", 1, SATURDAY, True),
            Sort("measuring", "血糖检测", "早上空腹来。", 2, SATURDAY, True),
            Sort("legal", "法律咨询", "合同、赡养、物业，都可以问。", 1, WORKDAYS, True),
        ),
    ),
    "物资": (
        (Sort("equipment", "折叠椅", "借去开会、办活动，用完擦干净。", 60, WORKDAYS),),
        (Sort("supplies", "应急照明灯", "台风、停电时用，平时可以借去演练。", 12, WORKDAYS, emergency=True),),
        (
            Sort("books", "流动书箱", "一箱五十本，一次借一个月。", 4, WORKDAYS, True),
            Sort("equipment", "音响", "带两支话筒。", 2, WORKDAYS),
        ),
    ),
}
"""By class: rows of which each community gives one, in turn."""

UNIT_KINDS = (
    ("social", "公益社"),
    ("hospital", "诊所"),
    ("school", "学校"),
    ("state_company", "服务公司"),
    ("private_company", "科技公司"),
)
UNITS = 20
SOCIAL, HOSPITAL, SCHOOL, SERVICES, TECH = (kind for kind, _word in UNIT_KINDS)
GIVEN_BY = {
    "lecturer": (SCHOOL, SERVICES),
    "mediator": (SOCIAL,),
    "medic": (HOSPITAL,),
    "counsellor": (HOSPITAL, SCHOOL),
    "artist": (SCHOOL, SOCIAL),
    "clinic": (HOSPITAL,),
    "haircut": (SOCIAL, SERVICES),
    "repair": (SERVICES, TECH),
    "measuring": (HOSPITAL,),
    "legal": (SOCIAL, SERVICES),
    "sports": (SCHOOL, SERVICES),
    "parking": (SERVICES, TECH, SCHOOL),
    "books": (SCHOOL, SOCIAL),
    "supplies": (SERVICES, TECH),
}
"""What kinds of units give it; all the rest anybody does."""


def sorts_for(place: int) -> Iterator[Sort]:
    """What the community at ``place`` gives: one of each row."""
    for rows in CLASSES.values():
        for row in rows:
            yield row[place % len(row)]


@dataclass(frozen=True)
class Room:
    """A room of a station."""

    name: str
    floor: str
    kind: str = "activity-room"
    capacity: int = 30


@dataclass(frozen=True)
class Station:
    """A station: ``community`` is the end of its official code."""

    community: str
    kind: str
    name: str
    words: str
    rooms: tuple[Room, ...] = ()
    hours: tuple[tuple[int, int, int], ...] = EVERY_DAY
    aliases: tuple[str, ...] = ()
    conditions: str = ""


STATIONS = (
    Station(
        "053",
        "station",
        "运河城市驿站",
        "三层小楼：一楼看书，二楼听书，三楼听讲。",
        (
            Room("党建书吧", "1楼", "meeting-room", 20),
            Room("百姓书场", "2楼", capacity=60),
            Room("大讲堂", "3楼", capacity=80),
        ),
        aliases=("西一驿站",),
    ),
    Station("058", "station", "睦邻健康驿站", "量血压、问用药，药师每周六上午在。", hours=SATURDAY),
    Station("051", "reading-room", "社区阅读空间", "靠窗二十个座位，可以写作业。"),
    Station(
        "052",
        "elders-canteen",
        "助老餐厅",
        "中午和傍晚开饭，六十岁以上有优惠。",
        hours=tuple((n, 630, 1080) for n in range(1, 8)),
    ),
    Station(
        "054",
        "council-hall",
        "百姓圆桌会议事厅",
        "居民的事坐下来商量。",
        (Room("圆桌室", "2楼", "meeting-room", 16),),
        WORKDAYS,
    ),
    Station("056", "riders-station", "小哥驿站", "歇脚、充电、喝口热水。"),
    Station("057", "elders-home", "居家养老服务中心", "日托、康复、助浴。", (Room("康复室", "1楼"),), WORKDAYS),
    Station("058", "health", "社区卫生服务站", "看小病、开常用药。", hours=WORKDAYS),
    Station("059", "sports-place", "邻里健身房", "器械十件，有人指导。"),
    Station(
        "059",
        "elders-school",
        "老年学校教学点",
        "书法、合唱、手机课。",
        (Room("多功能教室", "3楼", capacity=45),),
        WORKDAYS,
    ),
)
CENTRE = Station(
    "",
    "service-centre",
    "党群服务中心",
    "办事、开会、活动都在这里。",
    (Room("会客厅", "1楼", "meeting-room", 12),),
    WORKDAYS,
)
"""One for every community."""
ALIASES = {
    "东苑第一社区": ["东一社区"],
    "东苑第二社区": ["东二社区"],
    "西苑第一社区": ["西一社区"],
    "西苑第二社区": ["西二社区"],
}
HOME = (
    Station(
        "048",
        "service-centre",
        "万寿桥社区党群服务中心",
        "办事、议事、活动。",
        (Room("邻里会客厅", "1楼", "meeting-room", 20), Room("三楼多功能厅", "3楼", capacity=80)),
    ),
    Station(
        "048",
        "elders-canteen",
        "万寿桥助老餐厅",
        "中午开饭，可以送到楼下。",
        hours=tuple((n, 630, 780) for n in range(1, 8)),
    ),
    Station("028", "reading-room", "拱秀阅读空间", "周末有志愿者讲故事。"),
    Station(
        "048",
        "merchant",
        "邻里小馆错峰套餐",
        "两荤一素一汤，错开饭点八折。",
        hours=tuple((n, 840, 1020) for n in range(1, 8)),
        aliases=("骑手餐",),
        conditions="骑手、环卫工人和六十岁以上老人，出示证件就行",
    ),
)
"""城厢's, so that the demo's own streets have some."""
OFFERS = (
    ("萧山区中医院", "meeting-room", "门诊楼学术报告厅", "有投影、有话筒，周末可以借。", 120),
    ("萧山区中医院", "clinic", "中医义诊", "把脉、推拿，每月一次。", 1),
    ("萧山区残疾人联合会", "haircut", "上门理发", "给走不出家门的老人、残疾人理发，每月两次。", 2),
    ("杭州萧山供水有限公司", "measuring", "家庭水质检测", "上门取水样，三天出结果。", 2),
    ("杭州萧山供水有限公司", "repair", "水管维修队", "龙头、水管，小毛病上门修。", 1),
    ("杭州萧山供水有限公司", "equipment", "帐篷", "办活动遮阳挡雨。", 8),
)
"""Unit, kind, name, words, how many fit or how many there are."""
USED = (
    ("邻里会客厅", 9, 18, "议事会"),
    ("邻里会客厅", 2, 12, "反诈小课堂"),
    ("三楼多功能厅", 6, 46, "合唱队排练"),
    ("拱秀阅读空间", 3, 25, ""),
    ("上门理发", 12, 5, ""),
)
"""What was used so many days ago, and by how many people."""
