"""Who is in the demo. Streets, communities and the alliance's published units are real names; people are invented."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from people.states import Role

CHENGXIANG, XIASHA, BEISHAN = "330109001", "330114001", "330106002"
WANSHOUQIAO, GONGXIU, JIANGSI = "330109001048", "330109001028", "330109001027"
YANLAN = "330114001017"
ZHIGE = "智格社区"
SPACE = UUID("6f1d3c52-5a0e-4d0c-9f5e-7a3f0d1c2b4a")
"""Namespace of the demo's keys."""
ERRAND_PHONE = "13800000112"
PASSWORD = "tongxin-demo"
"""Published on purpose. Accounts with it are marked and refused in production settings."""


@dataclass(frozen=True)
class Person:
    """A demo account."""

    username: str
    name: str
    role: str
    area: str
    does: str


STAFF = [
    Person("xujia", "许佳（演示）", Role.COMMUNITY_STAFF, WANSHOUQIAO, "万寿桥社区社工：受理、答复"),
    Person("shenjie", "沈洁（演示）", Role.COMMUNITY_SECRETARY, WANSHOUQIAO, "万寿桥社区书记"),
    Person("jiangyun", "蒋芸（演示）", Role.COMMUNITY_STAFF, GONGXIU, "拱秀社区社工"),
    Person("hejian", "何建（演示）", Role.GRID_FULL, JIANGSI, "江寺社区专职网格员"),
    Person("zhoumin", "周敏（演示）", Role.PARTY_OFFICE, CHENGXIANG, "城厢街道党建办：看全街道"),
    Person("fanglei", "方磊（演示）", Role.LEADER, CHENGXIANG, "城厢街道分管领导"),
    Person("guyun", "顾云（演示）", Role.STREET_STAFF, XIASHA, "下沙街道工作人员"),
    Person("lvqing", "吕青（演示）", Role.PARTY_OFFICE, XIASHA, "下沙街道党建办：公布民生实事"),
    Person("xiayu", "夏羽（演示）", Role.STREET_STAFF, BEISHAN, "北山街道工作人员：拟协议"),
    Person("luyan", "陆燕（演示）", Role.COMMUNITY_STAFF, YANLAN, "滟澜社区社工（下沙街道）"),
    Person("linshan", "林珊（演示）", Role.PARTY_OFFICE, BEISHAN, "北山街道党建办：联盟、界别和片区"),
    Person("panyi", "潘怡（演示）", Role.PARTY_OFFICE, "330113001", "临平街道党建办：共享仓四类资源"),
    Person("luodan", "罗丹（演示）", Role.PARTY_OFFICE, "330105007", "大关街道党建办：阵地"),
    Person("shaqin", "沙琴（演示）", Role.PARTY_OFFICE, "330111001", "富春街道党建办：小哥志愿队"),
    Person("sysadmin", "系统管理员（演示）", Role.SYSTEM_ADMIN, "3301", "系统管理员：人员、区域、类别"),
    Person("audit", "审计管理员（演示）", Role.AUDIT_ADMIN, "3301", "审计管理员：查审计日志"),
]
SHOWN = ("xujia", "zhoumin", "sysadmin")

LIAISONS = [
    ("lianluo1", "联络员甲（演示）", "萧山区中医院", "党办干事"),
    ("lianluo2", "联络员乙（演示）", "杭州萧山供水有限公司", "客服主管"),
    ("lianluo3", "联络员丙（演示）", "萧山区残疾人联合会", "康复科干事"),
    ("lianluo4", "联络员丁（演示）", "城厢城管中队", "副中队长"),
    ("lianluo5", "联络员戊（演示）", "便民理发店（演示）", "店主"),
]
BARBER = ("便民理发店（演示）", "private_company")
"""Where what a haircut costs is written off."""

ORGAN, INSTITUTION, COMPANY = "organ", "institution", "state_company"
HOSPITAL, BANK, SOCIAL = "hospital", "bank", "social"
UNITS = [
    ("萧山区住房和城乡建设局", ORGAN),
    ("萧山区财政局", ORGAN),
    ("萧山区教育局", ORGAN),
    ("萧山区商务局", ORGAN),
    ("萧山区农业农村局", ORGAN),
    ("萧山区民政局", ORGAN),
    ("萧山区退役军人事务局", ORGAN),
    ("萧山区司法局", ORGAN),
    ("中共杭州市委党校萧山区分校", INSTITUTION),
    ("萧山区人民法院", ORGAN),
    ("共青团萧山区委", ORGAN),
    ("萧山区残疾人联合会", SOCIAL),
    ("萧山区慈善总会", SOCIAL),
    ("萧山区红十字会", SOCIAL),
    ("萧山区公安分局交警大队", ORGAN),
    ("萧山区融媒体中心", INSTITUTION),
    ("萧山日报社", INSTITUTION),
    ("萧山区文学艺术界联合会", SOCIAL),
    ("萧山区博物馆", INSTITUTION),
    ("杭州萧山城市建设投资集团有限公司", COMPANY),
    ("浙江萧山农村商业银行股份有限公司", BANK),
    ("萧山区中医院", HOSPITAL),
    ("萧山区第一人民医院", HOSPITAL),
    ("杭州萧山供水有限公司", COMPANY),
]


@dataclass(frozen=True)
class Voice:
    """A need as a resident says it. ``steps`` are what has happened since; ``days`` is how long ago it was said."""

    name: str
    phone: str
    community: str
    place: str
    words: str
    days: float
    steps: tuple[str, ...] = ()
    reply: str = ""
    spot: str = ""
    category: str = ""
    nature: str = "help"
    by: str = "xujia"
    urgent: bool = False


NEEDS = [
    Voice(
        "赵阿婆",
        "13800000617",
        WANSHOUQIAO,
        "湘湖路小区 6幢2单元",
        "我们楼道里的灯坏了一个多礼拜，晚上看不见台阶。楼下车子也乱停，轮椅过不去。",
        3.2,
        ("accept", "note", "reply"),
        "赵阿婆，灯已经换好了，是声控的，拍一下手就亮。车位的事我们请城管中队周二上午来现场看，我陪着一起。",
        "三楼到四楼的拐角",
        "老旧小区与电梯",
    ),
    Voice(
        "孙大伯",
        "13800000101",
        WANSHOUQIAO,
        "湘湖路17号",
        "小区亭子的柱子裂了一条缝，孩子们老在下面玩，怕砸到人。",
        0.1,
        urgent=True,
    ),
    Voice(
        "李女士",
        "13800000102",
        WANSHOUQIAO,
        "古桥里 3幢",
        "三幢门口那块地天天有车横着停，我推婆婆的轮椅出不来，说过好几回了。",
        0.6,
    ),
    Voice(
        "陈奶奶",
        "13800000103",
        WANSHOUQIAO,
        "西河路242号",
        "助餐点周末不开，我腿脚不好，想问周末能不能送一餐。",
        8.5,
        ("accept",),
        category="为老助餐",
        nature="question",
    ),
    Voice(
        "小顾",
        "13800000104",
        WANSHOUQIAO,
        "育才路8号 2单元",
        "孩子三点半放学，我们五点半才下班，中间两个小时没人看，社区有没有地方？",
        2.0,
        ("accept", "supplement"),
        category="教育托育",
    ),
    Voice(
        "王师傅",
        "13800000105",
        WANSHOUQIAO,
        "市心路口",
        "送外卖的想找个地方歇脚喝口热水，现在都蹲马路边上吃饭。",
        0.3,
    ),
    Voice(
        "周阿姨",
        "13800000106",
        WANSHOUQIAO,
        "湘湖路小区 2幢",
        "谢谢社区帮我爸装了扶手，现在他自己能上厕所了。",
        5.0,
        ("accept", "reply"),
        "周阿姨，应该的。过两周我们再上门看看扶手牢不牢。",
        category="助残帮困",
        nature="praise",
    ),
    Voice(
        "吴先生",
        "13800000107",
        GONGXIU,
        "拱秀路 5幢",
        "物业费涨了没有公示，问了几次都说不清楚涨在哪里。",
        1.1,
        by="jiangyun",
    ),
    Voice(
        "金大爷",
        "13800000108",
        GONGXIU,
        "拱秀路 11幢",
        "想学用手机挂号看病，儿女都不在身边，能不能教教我们几个老头子？",
        4.0,
        ("accept", "reply"),
        "金大爷，这周四下午两点，在社区活动室教，您带上手机就行。",
        category="医疗健康",
        by="jiangyun",
    ),
    Voice(
        "沈女士",
        "13800000109",
        JIANGSI,
        "江寺路小区 4幢",
        "楼道里堆满旧家具，消防门都打不开，万一着火怎么办。",
        0.4,
        by="hejian",
    ),
    Voice(
        "匿名邻居",
        "13800000110",
        CHENGXIANG,
        "永兴公园东门",
        "公园东门的路灯一到九点就灭，晚上散步的人很多，看不清路。",
        0.2,
    ),
    Voice(
        "朱阿姨",
        "13800000111",
        WANSHOUQIAO,
        "湘湖路小区 9幢",
        "想请人帮我配一盒降压药，这两天膝盖疼下不了楼。",
        1.5,
        ("withdraw",),
        category="跑腿代办",
    ),
    Voice(
        "钱奶奶",
        ERRAND_PHONE,
        WANSHOUQIAO,
        "湘湖路小区 9幢",
        "降压药吃完了，这两天膝盖疼下不了楼，能不能帮我到药店取一盒？",
        0.02,
        urgent=True,
    ),
    Voice(
        "何奶奶",
        "13800000115",
        WANSHOUQIAO,
        "西河路 7幢1单元",
        "老伴腿脚不便，三个月没下过楼了，头发长了，想请人上门理个发。",
        0.3,
    ),
    Voice(
        "郑先生",
        "13800000113",
        WANSHOUQIAO,
        "古桥里 1幢",
        "楼下的健身器材松了，上面的螺丝都快掉了。",
        6.0,
        ("accept", "finish"),
        "器材已经请人来紧固过，松的螺丝全换了新的，您再去试试。",
        category="安全隐患",
    ),
    Voice(
        "冯阿姨",
        "13800000114",
        GONGXIU,
        "拱秀路 2幢",
        "小区后门的路面塌了一块，下雨积水，电瓶车过都要摔。",
        2.5,
        ("accept", "escalate"),
        by="jiangyun",
    ),
]
