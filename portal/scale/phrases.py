"""The words of invented needs: what residents complain of and ask for, put together from phrases.

Deep enough that searching behaves as on real texts: common words are in some per cent of the needs, the rare
subjects in about one of five thousand.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

ESTATES = [
    "湘湖路小区",
    "古桥里",
    "西河路小区",
    "育才北苑",
    "拱秀花园",
    "江寺路小区",
    "永兴新村",
    "文化路小区",
    "市心公寓",
    "梅花楼",
    "潇湘里",
    "南门江小区",
    "北干新苑",
    "金鸡路小区",
    "回澜南苑",
    "高桥小区",
    "万寿里",
    "东门直街",
    "体育路小区",
    "人民路小区",
    "学士桥公寓",
    "藕湖浜",
    "百尺溇小区",
    "休博苑",
    "泰和花园",
    "银河小区",
    "崇化小区",
    "俊良里",
    "燕子河公寓",
    "陈公桥小区",
]
SPOTS = [
    "楼道",
    "门厅",
    "电梯口",
    "地下车库",
    "小区西门",
    "南门岗亭",
    "垃圾房旁",
    "儿童乐园",
    "健身角",
    "快递柜边",
    "车棚里",
    "绿化带",
]
SINCE = [
    "已经半个多月了",
    "从上个礼拜开始",
    "入夏以后",
    "前天夜里起",
    "今年开春到现在",
    "国庆以后",
    "昨天下午",
    "连着三天",
    "一到下雨天",
    "每天早上六点多",
    "晚上十点以后",
    "天一冷",
    "物业换了以后",
    "装修队进场以来",
]
TOLD = (
    "跟物业说过三次，每次都说在排队",
    "打过服务电话，答应来看，一直没人来",
    "楼长也去问过，说要等上面批",
    "业主群里天天有人说，没有人管",
    "问了几个部门，都说不归他们",
    "没有跟别人说过，这是第一次反映",
    "写过一张条子贴在门卫那里，没有下文",
    "上回来了个师傅看了一眼就走了",
    "维修基金的事情楼里意见不一致，就搁下了",
)
WHO = (
    "我今年七十八了，腿脚不便",
    "家里有个一岁半的小孩",
    "我母亲坐轮椅",
    "楼上住着两位独居的阿婆",
    "我上夜班，白天要睡觉",
    "我们这一层五户人家都有意见",
    "我爸刚做完手术，出门要人扶",
    "孩子今年要中考",
    "我是租在这里的，对情况不太熟",
    "隔壁的大伯听力不好",
    "我们开小店的靠这条路吃饭",
    "我住一楼，最吃亏",
)
ASKS = (
    "希望社区帮忙协调一下。",
    "能不能请人来现场看一看？",
    "盼着早点有个说法。",
    "请告诉我们该找哪一家。",
    "麻烦给个准信，我们好安排。",
    "哪怕先临时处理一下也好。",
    "最好周末来，平时家里没人。",
    "谢谢社区的同志，辛苦了。",
    "要我们出一点钱也愿意，关键是要有人牵头。",
    "来之前请先打个电话。",
)


@dataclass(frozen=True)
class Subject:
    """One kind of thing: how often it comes up against the others, how it starts, what it leads to."""

    weight: int
    openings: tuple[str, ...]
    details: tuple[str, ...]


SUBJECTS = (
    Subject(
        900,
        ("电梯又停了", "电梯门关不拢，要用手推", "电梯下行的时候抖得厉害", "想问加装电梯什么时候轮到我们楼"),
        ("上下六层全靠走", "买菜都不敢多买", "救护车来了担架抬不下去", "年检的单子早就过期了"),
    ),
    Subject(
        850,
        ("楼下的车子乱停", "消防通道被两辆车堵着", "充电桩被油车占着", "外来车辆整夜停在小区里"),
        ("早上出门要挪半个钟头", "垃圾车都开不进来", "轮椅推不过去", "电瓶车只好停在楼道"),
    ),
    Subject(
        700,
        ("楼道里的灯坏了", "路灯一到九点就灭", "感应灯怎么拍手都不亮"),
        ("晚上看不见台阶", "前几天有人踩空了", "散步的人摸黑走", "孩子补课回来害怕"),
    ),
    Subject(
        650,
        ("垃圾房的味道太大", "垃圾分类点撤了以后到处乱扔", "装修垃圾堆了一地", "餐馆把泔水桶放在路边"),
        ("夏天苍蝇成群", "窗户都不敢开", "野猫把袋子扒得到处都是", "清运的车两天才来一趟"),
    ),
    Subject(
        600,
        ("楼上漏水到我家", "外墙渗水", "下水道返臭", "雨水管断了一截", "自来水发黄"),
        ("墙皮掉了一大片", "衣柜里都长霉了", "接了两个盆还不够", "地板全泡起来了"),
    ),
    Subject(
        500,
        ("助餐点周末不开门", "独居老人吃饭是个问题", "食堂的菜太咸，老人吃不惯"),
        ("一个人懒得烧", "只能泡点饭对付", "想问能不能送到家里", "价钱倒是不贵"),
    ),
    Subject(
        450,
        ("孩子放学没有人接", "暑假里小孩没地方去", "想问托育点还有没有名额"),
        ("我们五点半才下班", "请阿姨实在请不起", "社区的活动室白天都空着", "外婆年纪大了看不动"),
    ),
    Subject(
        420,
        ("广场舞的音响太响", "楼下烧烤店半夜还在吵", "工地夜里打桩", "邻居家的狗叫个不停"),
        ("关了窗也没有用", "老人心脏不好受不了", "第二天上班没精神", "好话说过，不听"),
    ),
    Subject(
        380,
        ("物业费涨了没有公示", "公共收益的账不清楚", "业委会到期了没有换届", "门卫换成了一个人"),
        ("问了几次都说不清楚", "贴出来的表格看不懂", "大家都不想交了", "签字的时候没有说这一条"),
    ),
    Subject(
        300,
        ("医保报销不会弄", "想学用手机挂号", "慢性病的药社区医院配不到", "家庭医生一直联系不上"),
        ("儿女都不在身边", "跑了两趟窗口", "字太小看不清", "讲得太快听不懂"),
    ),
    Subject(
        260,
        ("健身器材断了一根杆子", "儿童滑梯边上翘起来", "亭子的柱子裂了缝", "台阶的石板松了"),
        ("孩子们老在那里玩", "怕砸到人", "上个月有人摔过一跤", "用绳子绑了一下"),
    ),
    Subject(
        220,
        ("想找人帮忙搬个旧衣柜", "行动不便，想请人代买东西", "家里的灯管自己换不了", "想请人陪去一趟医院"),
        ("就是半个钟头的事", "付钱也可以", "约在上午最好", "志愿者来过一次，很好"),
    ),
    Subject(
        200,
        ("送外卖的想找个歇脚的地方", "快递员进小区总被拦", "骑手的电瓶没处充电"),
        ("现在都蹲在马路边吃饭", "下雨天最难", "一天要跑四十几单", "有口热水就行"),
    ),
    Subject(
        160,
        ("企业想招几个本地的工人", "沿街店铺想换门头，不知道找谁", "公司想给老人办一场义诊"),
        ("材料都备好了", "场地还没有着落", "人手有七八个", "时间由社区来定"),
    ),
    Subject(
        120,
        ("谢谢社区帮我爸装了扶手", "表扬网格员小沈", "志愿者把我送到医院，想谢谢她"),
        ("现在他自己能走了", "大热天跑了三趟", "不知道她叫什么名字", "邻居们都说好"),
    ),
)
RARE = (
    ("门框里有白蚁", "木头一按就是一个洞"),
    ("阳台外面结了个马蜂的窝", "晾衣服都不敢"),
    ("后山跑下来一头野猪", "菜地全拱了"),
    ("桥头的石狮子被人撬走了", "听说是老物件"),
    ("井盖底下有瓦斯味", "点火都不敢"),
    ("楼顶有人养信鸽", "被褥上都是粪"),
)
RARE_IN = 800
"""One need in so many has one of the rare subjects: each of the six comes up in about one of 4,800."""


@dataclass(frozen=True)
class Said:
    """An invented need in its resident's words."""

    words: str
    place: str
    spot: str


class Speaker:
    """Makes needs; the same seed makes the same ones."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self._subjects = SUBJECTS
        self._weights = [subject.weight for subject in SUBJECTS]

    def say(self) -> Said:
        """One need of 60 to 220 characters, 130 on average."""
        random, pick = self.random, self.random.choice
        if random.randrange(RARE_IN) == 0:
            opening, detail = pick(RARE)
            details = [detail]
        else:
            subject = random.choices(self._subjects, self._weights)[0]
            opening = pick(subject.openings)
            details = random.sample(subject.details, random.choice((1, 2, 2, 3)))
        estate, building, unit = pick(ESTATES), random.randint(1, 60), random.randint(1, 6)
        where, room = pick(SPOTS), f"{random.randint(1, 18)}0{random.randint(1, 6)}室"
        sentences = [
            f"{estate}{building}幢{unit}单元{where}，{opening}，{pick(SINCE)}。",
            "，".join(details) + "。",
            f"{pick(WHO)}，{pick(TOLD)}。",
        ]
        if random.random() < 0.85:
            other, also = random.choices(self._subjects, self._weights)[0], pick(SINCE)
            sentences.append(f"另外{pick(other.openings)}，{also}，{pick(other.details)}。")
        if random.random() < 0.6:
            sentences.append(f"我住{room}，{pick(WHO)}。")
        sentences.append(pick(ASKS))
        if random.random() < 0.4:
            sentences.append(pick(ASKS))
        return Said("".join(sentences), f"{estate} {building}幢{unit}单元", where if random.random() < 0.5 else "")
