"""Seed configuration: the first privacy notices. Idempotent; never overwrites what a street has changed."""

from __future__ import annotations

from people.services.consents import publish_default

NEED_NOTICE, ACCOUNT_NOTICE = "need", "account"

SUMMARY = [
    "只收三样：您说的事和照片、地点、怎么称呼和手机号。",
    "只有办这件事的工作人员能看到您的手机号，每次查看都有记录。",
    "不公开、不卖、不用于别的事。办结满两年后隐去您的个人信息。",
    "您可以随时查看、更正、撤回，也可以只打电话，不在网上填。",
]

SECTIONS = [
    {
        "heading": "谁在用您的信息",
        "paragraphs": ["您所在的街道办事处和社区。要问、要改、要删，打页面底部的服务电话。"],
    },
    {
        "heading": "收什么，做什么用",
        "paragraphs": [
            "您说的事、照片、地点：用来弄清是什么事、派给谁办。照片里的拍摄位置等附带信息，上传时即删除。",
            "称呼、手机号：用来回话和核实。手机号加密保存，页面上默认打码。",
            "我们不收身份证号，不收人脸，也不收手机定位；地点只有您自己写的小区和门牌。",
            "请不要写别人的隐私和涉密信息。",
        ],
    },
    {
        "heading": "保存多久",
        "paragraphs": ["办结后保存两年，之后隐去称呼、手机号，只留办理经过用于统计。访问记录保存不少于一年。"],
    },
    {
        "heading": "给谁看",
        "paragraphs": [
            "社区、街道的经办人。需要别的单位一起办时，只给办理必需的内容；要给出您的联系方式，会先问您。",
            "数据存放在境内，不提供给广告、统计等第三方。",
        ],
    },
    {
        "heading": "您的权利",
        "paragraphs": [
            "您可以查看、复制、更正、删除，可以撤回同意。撤回不影响之前的办理，也不影响您用电话反映。",
            "不满十四周岁的，请由监护人代为填写。",
        ],
    },
]


ACCOUNT_SUMMARY = [
    "只留两样：您的手机号，和您愿意告诉我们的称呼。",
    "只用来让您登录，把您反映过的事和给您的回话放在一处。",
    "手机号加密保存，不公开，不给别人，不打广告。",
    "不想要了，在“我的”里点“删除我的信息”就行；不建账号，也能用编号和查询码查进度。",
]

ACCOUNT_SECTIONS = [
    {
        "heading": "谁在用您的信息",
        "paragraphs": ["您所在的街道办事处和社区。要问、要改、要删，打页面底部的服务电话。"],
    },
    {
        "heading": "留什么，做什么用",
        "paragraphs": [
            "手机号：用来发验证码，认出是您；您用这个手机号反映过的事，登录后都能看到。加密保存。",
            "称呼：页面上怎么叫您。可以不填，随时能改。",
            "您打电话、到社区请工作人员代报活动的：会先讲给您听，您口头同意了才报。姓名、手机号只用来报名和通知您，"
            "姓名活动结束就删；带孩子的，只记孩子几岁，监护人要在纸上签字同意。不想去了，可以取消报名，也可以撤回同意。",
            "登录、退出、撤回同意、删除的时间会有记录，网络地址只留一部分。不收密码，不收身份证号，不收人脸，不定位。",
        ],
    },
    {
        "heading": "保存多久",
        "paragraphs": [
            "留到您删除为止。您删除后，手机号和称呼马上清空，所有设备都退出；"
            "还在办的事，办完才隐去您的联系方式，不然没法给您回话。",
            "验证码5分钟失效，一天后删除。登录记录保存不少于一年，里面没有您的称呼和手机号。",
        ],
    },
    {
        "heading": "您的权利",
        "paragraphs": [
            "您可以在“我的”里查看、下载、更正、删除，可以撤回同意。撤回不影响之前的办理，也不影响您用电话反映。",
            "不满十四周岁的，请由监护人代为办理。",
        ],
    },
]


ACCOUNT_BEFORE = ("95955615c87d0e601036470d13aa99adfa3a62cfd13b2befbd8ae73b7cccd406",)
"""What the account's notice said before sign-ups by the office came."""


def load_defaults() -> None:
    """Publish the notices under the need form and at the first sign-in, unless a street has its own."""
    publish_default(NEED_NOTICE, "个人信息保护告知", SUMMARY, SECTIONS)
    publish_default(ACCOUNT_NOTICE, "账号与个人信息告知", ACCOUNT_SUMMARY, ACCOUNT_SECTIONS, before=ACCOUNT_BEFORE)
