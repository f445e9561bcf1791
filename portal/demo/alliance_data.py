"""Four alliances as newspapers have described them, with their figures and where these were said. Pure data.

Names of public bodies and figures are from the reports; every unit, person and building that is only there to fill a
place says 演示 in its name.
"""

from __future__ import annotations

from dataclasses import dataclass

XIXING, IOT = "330108001", "330108001019"
CX_SOURCE = "公开报道（2021年1月，萧山），示例"
XS_SOURCE = "公开报道（2022年，钱塘），示例"
BS_SOURCE = "公开报道（2018年10月，西湖），示例"
BJ_SOURCE = "公开报道（2024年12月，滨江），示例"


@dataclass(frozen=True)
class FigureLine:
    """A figure as it was printed."""

    label: str
    value: str
    as_of: str
    source: str


@dataclass(frozen=True)
class BodyLine:
    """A body: the key of its kind, its name, what it does."""

    kind: str
    name: str
    intro: str = ""


# --- 城厢 -------------------------------------------------------------------------------------------------------
CX_PARTIES = (
    ("萧山区交投集团", "state_company"),
    ("城厢派出所", "organ"),
    ("城厢城管中队", "organ"),
    ("萧山区妇女联合会", "social"),
)
"""Parties of agreements that the text names besides the list of thanks."""
CX_TWIN = ("杭州萧山农村商业银行股份有限公司", "bank")
"""Printed beside 浙江萧山农村商业银行: perhaps one bank under two names, which the register asks about."""
CX_PRINCIPLES = (
    "三联：党建工作联做、区域资源联享、服务问题联解",
    "四共：组织共融、资源共享、服务共促、治理共抓",
    "1+3+N：一个联盟服务中心；红色方舟、红色驿站、红色营地；若干共建项目",
)
CX_FIGURES = (
    FigureLine("首批联盟单位", "28家", "2020年7月", CX_SOURCE),
    FigureLine("共建项目", "11个", "2020年7月", CX_SOURCE),
    FigureLine("分享的资源", "20类", "2020年", CX_SOURCE),
    FigureLine("为老助餐", "47701次", "2021年1月", CX_SOURCE),
)
CX_DOCUMENTS = (
    ("rules", "联盟工作制度", "一、每季度开一次联席会议，轮流做东。\n二、单位认领的事，办好了在平台上说一声。"),
    ("plan", "本年度实施计划", "一、年初征集需求和资源。\n二、每月一次进社区。\n三、年底一起看看办得怎么样。"),
)
"""Invented, as the title will say."""
CX_BODIES = (
    BodyLine("base", "红色方舟", "把握方向"),
    BodyLine("base", "红色驿站", "敞开大门"),
    BodyLine("base", "红色营地", "筑牢基础"),
)

# --- 下沙 -------------------------------------------------------------------------------------------------------
XS_LEFT_OUT = "金沙湖社区"
"""Reported are 20 sub-alliances, the list of areas has 21 communities: the demo leaves this one out and says so."""
XS_INTRO = "2018年6月起运行，社区各有子联盟，邻里的事在社区里商量着办。"
XS_PRINCIPLES = (
    "六共：组织共建、事务共商、资源共享、活动共办、品牌共创、人才共育",
    "三项机制：定期会商、定期活动、定期反馈",
    "三张清单：需求清单、项目清单、资源清单",
)
XS_FIGURES = (
    FigureLine("社区子联盟", "20个", "2022年", f"{XS_SOURCE}；社区共21个，演示里{XS_LEFT_OUT}没有子联盟"),
    FigureLine("共建单位", "160余家", "2022年", XS_SOURCE),
    FigureLine("一年的活动", "80余项", "2021年", XS_SOURCE),
    FigureLine("民生实事", "10项", "2021年", XS_SOURCE),
)
XS_PLATFORMS = ("服务平台", "管理平台", "创新平台", "文化平台")
XS_UNIT = ("杭州卓尚服饰有限公司", "private_company")

# --- 北山 -------------------------------------------------------------------------------------------------------
BS_PRINCIPLES = (
    "四联：组织联席、阵地联建、服务联动、智库联创",
    "五共：党建共抓、事务共理、党员共管、活动共办、文明共创",
    "六个有：有探索、有制度、有场所、有计划、有活动、有实效",
)
BS_FIGURES = (
    FigureLine("首批成员单位", "63家", "2011年", BS_SOURCE),
    FigureLine("成员单位", "104家", "2018年", BS_SOURCE),
    FigureLine("共建项目", "21个", "2018年", BS_SOURCE),
    FigureLine("志愿服务惠及", "1000余人次", "2018年", BS_SOURCE),
)
BS_GROUPS = ("民生服务", "文化交流", "社会治理", "经济发展")
BS_ZONES = ("上保", "宝石", "金祝", "松木场", "沿山河", "曲院", "友谊")
"""The report names two of the seven; the others are taken from the seven communities of the street."""
BS_UNITS = 104
BS_KINDS = (
    ("social", "公益社"),
    ("hospital", "诊所"),
    ("school", "学校"),
    ("institution", "研究院"),
    ("organ", "机关"),
    ("state_company", "公司"),
    ("bank", "银行网点"),
    ("private_company", "科技公司"),
)
BS_BODIES = (
    BodyLine("secretariat", "秘书处", "联合会的日常事务"),
    BodyLine("think-tank", "党建共建智库团", "成员单位的专业人士提问题、会商、出主意"),
    BodyLine("volunteers", "党员志愿者服务总队", "各社区设服务分队"),
    BodyLine("supervisors", "监督团", "每季度一次协商会"),
)
BS_BRANDS = (
    ("沿山河社区", "军民同心", "军警民共建"),
    ("曲院社区", "创新曲院", "创新型共建"),
    ("上保社区", "服务上保", "服务共建"),
)
BS_DOCUMENTS = (
    ("charter", "章程", "第一条 联合会由街道和辖区单位自愿组成。\n第二条 成员单位可以提出需求，也可以提供资源。"),
    ("rules", "工作制度", "一、各界别小组每季度交流一次。\n二、各社区每季度开一次联席会议。"),
    ("plan", "实施计划", "一、年初逐一走访成员单位。\n二、年底开一次项目展示交流大会。"),
)

# --- 滨江 -------------------------------------------------------------------------------------------------------
BJ_INTRO = "产业园里的社区，按楼宇划成8个网格；每格由网格党组织、楼委会和物业三方一起管。"
BJ_FIGURES = (
    FigureLine("楼宇", "44幢", "2024年", BJ_SOURCE),
    FigureLine("企业", "4200余家", "2024年", BJ_SOURCE),
    FigureLine("产业青年", "近8万人", "2024年", BJ_SOURCE),
    FigureLine("签订联建协议", "26家", "2024年", BJ_SOURCE),
    FigureLine("到社区报到的党员", "100余名", "2024年", BJ_SOURCE),
    FigureLine("暖企驿站", "6个", "2024年", BJ_SOURCE),
)
BJ_GRIDS, BJ_BUILDINGS, BJ_COMMITTEE = 8, 44, 8
