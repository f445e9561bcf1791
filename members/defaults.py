"""Seed configuration: the kinds of bodies that streets have, with their usual roles.

Idempotent: a kind that stands is left as it is, whatever it is called by now.
"""

from __future__ import annotations

from members.models import BodyKind
from members.states import Axis

KINDS: list[tuple[str, str, str, list[str], list[str]]] = [
    ("street-committee", "大工委", "", ["书记", "副书记", "兼职委员", "委员"], ["书记"]),
    ("community-committee", "大党委", "", ["书记", "副书记", "兼职委员", "委员"], ["书记"]),
    ("secretariat", "秘书处", "", ["秘书长", "副秘书长", "成员"], ["秘书长"]),
    ("think-tank", "智库团", "", ["团长", "副团长", "专家"], ["团长"]),
    ("volunteers", "志愿者服务总队", "", ["总队长", "副总队长", "队长", "队员"], ["总队长"]),
    ("supervisors", "监督团", "", ["团长", "副团长", "成员"], ["团长"]),
    ("residents", "居委会", "", ["主任", "副主任", "委员"], ["主任"]),
    ("owners", "业委会", "", ["主任", "副主任", "委员"], ["主任"]),
    ("property", "物业", "", ["项目经理", "管家", "成员"], ["项目经理"]),
    ("building", "楼委会", "", ["主任", "副主任", "委员", "楼长"], ["主任"]),
    ("governance", "治理委员会", "", ["主任", "副主任", "委员"], ["主任"]),
    ("platform", "平台", "", ["负责人", "联系人", "成员"], ["负责人"]),
    ("base", "阵地", "", ["负责人", "联系人", "成员"], ["负责人"]),
    ("group", "界别小组", Axis.GROUP, ["召集人", "联系人", "成员"], ["召集人", "联系人"]),
    ("zone", "片区", Axis.ZONE, ["召集人", "联系人", "成员"], ["召集人", "联系人"]),
]


def load_body_kinds() -> None:
    """Add the kinds that have no row under their key. One query if all are there."""
    known = set(BodyKind.objects.values_list("key", "name"))
    keys, names = {key for key, _name in known}, {name for _key, name in known}
    BodyKind.objects.bulk_create(
        BodyKind(key=key, name=name, axis=axis, roles=roles, single_roles=single, position=10 * place)
        for place, (key, name, axis, roles, single) in enumerate(KINDS, start=1)
        if key not in keys and name not in names
    )
