"""Seed configuration: the notices under the registration and under pictures.

Idempotent; never overwrites what has been changed.
"""

from __future__ import annotations

from people.services.consents import publish_default

NOTICE, TITLE = "volunteer", "志愿者登记与个人信息告知"
SUMMARY = [
    "只要三样：姓名、住在哪个社区、您点的同意。会什么、什么时候有空，愿意写就写。",
    "用来安排服务、记服务时长、出具证明。姓名只有社区街道和活动的负责人看得到。",
    "不公开、不卖。您点了“可以公开感谢”，才会以“王*明”的样子出现。",
    "随时可以改、可以退出。不登记也能参加活动。",
]
SECTIONS = [
    {
        "heading": "谁在用您的信息",
        "paragraphs": ["您所在的街道办事处和社区，以及您报名的活动的负责人。要问、要改、要删，打页面底部的服务电话。"],
    },
    {
        "heading": "收什么，做什么用",
        "paragraphs": [
            "姓名：写在签到表、服务记录和证明上。手机号是您登录用的那个，不另外收。",
            "会什么、什么时候有空、去哪里帮忙：用来找合适的服务，可以不填。",
            "写了会“跑腿”的：本社区有人要跑腿，会给其中几位发消息和短信，"
            "只说什么事、在哪一带、几点前，不说是谁。不想收，在“我的志愿服务”里去掉“跑腿”就行。",
            "您勾了可以报“志愿浙江”的：街道把您的姓名、手机号和服务记录报给省里的志愿服务平台。不勾不报，随时可以改。",
            "资质、保险、培训：有的岗位要看，由同事看过原件登记。不收身份证号，不收人脸，不定位。",
            "党员报到写的工作单位和党组织，只有您所在社区和街道的工作人员看得到。",
        ],
    },
    {
        "heading": "孩子",
        "paragraphs": [
            "不满14岁的，由监护人登记，只记出生年月、监护人的姓名和手机号，加密保存。",
            "不满10岁的，服务时要有大人陪；不满6岁的不登记。",
        ],
    },
    {
        "heading": "保存多久",
        "paragraphs": [
            "退出以后，会什么、什么时候有空、孩子和监护人的信息马上清空；服务时长留着，方便您以后开证明。删除账号，姓名也清空。"
        ],
    },
    {
        "heading": "您的权利",
        "paragraphs": [
            "可以在“我的志愿服务”里查看、更正、退出，在“我的”里下载、撤回同意。服务记录有误，可以请求更正。"
        ],
    },
]


PHOTOS, PHOTOS_TITLE = "photos", "活动照片告知"
PHOTOS_SUMMARY = [
    "活动当天拍的照片，会放在活动的公开页面上。照片里认得出您的，要您同意才公开。",
    "不同意一样参加活动。点了同意也可以随时不同意，照片马上看不到。",
    "孩子的照片，由监护人决定。",
]
PHOTOS_SECTIONS = [
    {
        "heading": "怎么用",
        "paragraphs": [
            "照片由活动的主办人放上来，写明照片上有谁，再由另一个人看一遍。照片不带拍摄地点，不做人脸识别，不写姓名。",
            "照片上认得出的人都同意了，才放到活动的公开页面；有一个人不同意，就只有主办人和照片上的人看得到。",
        ],
    },
    {
        "heading": "同行的人和孩子",
        "paragraphs": [
            "您点同意，也包括和您同去的大人，请先问过他们。孩子要由监护人同意。不满14岁的账号，由监护人点。"
        ],
    },
    {
        "heading": "您的权利",
        "paragraphs": [
            "在“我的活动”里看有您的照片、改主意，在“我的”里撤回同意。删除账号，有您的照片也删掉。要问，打页面底部的服务电话。"
        ],
    },
]
BEFORE = ("ff16536413375ce06f73a2edb18a4227f76739f59e5818d11aaa67f6d9a12971",)
"""What the volunteers' notice said before errands were told to those near by."""


def load_defaults() -> None:
    """Publish both notices, unless a street has its own."""
    publish_default(NOTICE, TITLE, SUMMARY, SECTIONS, before=BEFORE)
    publish_default(PHOTOS, PHOTOS_TITLE, PHOTOS_SUMMARY, PHOTOS_SECTIONS)
