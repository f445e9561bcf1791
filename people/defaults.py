"""Seed configuration: the first privacy notice. Idempotent; never overwrites what a street has changed."""

from __future__ import annotations

from people.models import PrivacyNotice

NEED_NOTICE = "need"

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


def load_defaults() -> None:
    """Publish version 1 of the notice under the need form unless some version exists."""
    if not PrivacyNotice.objects.filter(key=NEED_NOTICE).exists():
        PrivacyNotice.objects.create(
            key=NEED_NOTICE, version=1, title="个人信息保护告知", summary=SUMMARY, sections=SECTIONS
        )
