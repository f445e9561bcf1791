"""Seed configuration: the kinds of resources. Idempotent; never overwrites what has been changed."""

from __future__ import annotations

from resources.models import ResourceKind
from resources.states import Advantage, Form, Pool

V, T, Q, G = Advantage.VENUE, Advantage.TALENT, Advantage.TECHNIQUE, Advantage.ORGANISATION
SPACE, PIECES, VISIT, WALK_IN = Form.SPACE, Form.PIECES, Form.VISIT, Form.WALK_IN
POSITION, TALENT, ORGANISATION, MEMBERS = Pool.POSITION, Pool.TALENT, Pool.ORGANISATION, Pool.MEMBERS

KINDS: list[tuple[str, str, str, list[tuple[str, str, str, str, str, str]]]] = [
    (
        "venue",
        "场地",
        "Venues",
        [
            ("meeting-room", "会议室", "Meeting rooms", SPACE, V, POSITION),
            ("activity-room", "活动教室", "Activity rooms", SPACE, V, POSITION),
            ("sports", "运动场地", "Sports grounds", SPACE, V, POSITION),
            ("parking", "错峰停车位", "Off-peak parking", PIECES, V, POSITION),
            ("visiting", "参观点", "Places to visit", VISIT, V, POSITION),
        ],
    ),
    (
        "talent",
        "人才",
        "People",
        [
            ("lecturer", "党课讲师", "Party school lecturers", VISIT, T, MEMBERS),
            ("medic", "医护", "Doctors and nurses", VISIT, T, TALENT),
            ("mediator", "律师调解员", "Lawyers and mediators", VISIT, T, TALENT),
            ("counsellor", "心理咨询师", "Counsellors", VISIT, T, TALENT),
            ("artist", "文艺骨干", "Artists", VISIT, T, TALENT),
        ],
    ),
    (
        "service",
        "服务",
        "Services",
        [
            ("clinic", "义诊", "Free clinics", VISIT, Q, MEMBERS),
            ("haircut", "理发", "Haircuts", VISIT, Q, MEMBERS),
            ("repair", "维修", "Repairs", VISIT, Q, MEMBERS),
            ("measuring", "检测", "Measurements and tests", VISIT, Q, TALENT),
            ("legal", "法律咨询", "Legal advice", VISIT, Q, TALENT),
        ],
    ),
    (
        "goods",
        "物资",
        "Goods",
        [
            ("equipment", "活动器材", "Equipment", PIECES, G, ORGANISATION),
            ("supplies", "应急物资", "Emergency supplies", PIECES, G, ORGANISATION),
            ("books", "图书", "Books", PIECES, G, Pool.INFORMATION),
        ],
    ),
    ("vehicles", "车辆", "Vehicles", [("coach", "大巴", "Coaches", PIECES, G, ORGANISATION)]),
    ("discounts", "优惠", "Discounts", [("merchant", "商户折扣", "Discounts of shops", WALK_IN, G, ORGANISATION)]),
    (
        "stations",
        "阵地",
        "Stations",
        [
            ("service-centre", "党群服务中心", "Party and community centres", WALK_IN, V, POSITION),
            ("station", "驿站", "Stations", WALK_IN, V, POSITION),
            ("parlour", "党建客厅", "Party parlours", WALK_IN, V, POSITION),
            ("council-hall", "议事厅", "Council halls", WALK_IN, V, POSITION),
            ("base", "共建基地", "Shared bases", WALK_IN, V, POSITION),
            ("elders-canteen", "助老餐厅", "Elders' canteens", WALK_IN, V, POSITION),
            ("reading-room", "阅读空间", "Reading rooms", WALK_IN, V, POSITION),
            ("sports-place", "体育场地", "Sports places", WALK_IN, V, POSITION),
            ("riders-station", "小哥驿站", "Riders' stations", WALK_IN, V, POSITION),
            ("firms-station", "暖企驿站", "Stations for firms", WALK_IN, V, POSITION),
            ("health", "卫生服务站", "Health stations", WALK_IN, V, POSITION),
            ("elders-home", "居家养老中心", "Centres for elders", WALK_IN, V, POSITION),
            ("elders-school", "老年学校", "Schools for elders", WALK_IN, V, POSITION),
        ],
    ),
]
SAID = {
    "meeting-room": "地方开会 开会的地方 借会议室 找会场",
    "activity-room": "活动的地方 排练的地方 上课的地方 借教室",
    "sports": "打羽毛球 打乒乓 打篮球 打球的地方 借球场",
    "parking": "没处停车 停车难 停车位 停不下车 找车位",
    "visiting": "去参观 想参观 带孩子参观",
    "lecturer": "上党课 讲党课 听党课",
    "medic": "量血压 量个血压 量量血压 打针 换药 问用药",
    "mediator": "调解 打官司 吵了好几次 劝一劝",
    "counsellor": "心理咨询 心里难受 谈谈心 聊聊心事 睡不着觉",
    "artist": "教唱歌 教跳舞 排节目 写春联 教书法",
    "clinic": "看看病 把把脉 把脉 量血压 量个血压 量量血压 推拿",
    "haircut": "理个发 理理发 理头发 剪头 剪个头 剪剪头 剃头 剃个头 修头发 剪发",
    "repair": "修水管 修龙头 水龙头 疏通 下水道 通马桶 换灯泡 修电器 修家电 修电饭煲 修修",
    "measuring": "验水 测水质 水质 测血糖 量血糖 测甲醛",
    "legal": "打官司 问律师 请律师 法律上的 写遗嘱 欠薪 合同纠纷",
    "equipment": "借椅子 借桌子 借音响 借帐篷 借话筒",
    "supplies": "应急灯 沙袋",
    "books": "借书 借几本书",
    "coach": "大巴 包车 租车",
    "service-centre": "开证明 盖章",
    "elders-canteen": "老年食堂 助老餐 送饭 没人做饭",
    "reading-room": "看书的地方 写作业的地方 自习",
    "sports-place": "健身的地方",
    "health": "配药 开药",
    "elders-home": "日托 助浴 请人洗澡",
}
"""By kind: words of ordinary speech that ask for it, apart by spaces."""


def load_defaults() -> None:
    """Create the kinds that are not there, by their keys."""
    known = set(ResourceKind.objects.values_list("key", flat=True))
    for place, (key, name, name_en, kinds) in enumerate(KINDS, start=1):
        if key not in known:
            ResourceKind.objects.create(key=key, name=name, name_en=name_en, position=100 * place)
        heading = ResourceKind.objects.get(key=key)
        ResourceKind.objects.bulk_create(
            ResourceKind(
                key=sort,
                name=called,
                name_en=called_en,
                parent=heading,
                form=form,
                advantage=advantage,
                pool=pool,
                said=SAID.get(sort, "").split(),
                position=100 * place + number,
            )
            for number, (sort, called, called_en, form, advantage, pool) in enumerate(kinds, start=1)
            if sort not in known
        )
