"""Seed configuration: the sixteen default categories, and clocks for needs from before there were any.

Idempotent; never overwrites what a street has changed.
"""

from __future__ import annotations

from needs.models import Category
from needs.services.errand_confirm import start_missing_errand_waits
from needs.services.extension_clock import start_missing_extension_clocks
from needs.services.unclocked import start_missing_clocks
from needs.services.waiting_ends import start_missing_reminders
from needs.services.wish_unclocked import start_missing_wish_clocks
from resources.models import ResourceKind

CATEGORIES = [
    ("老旧小区与电梯", "Old estates and lifts"),
    ("物业管理", "Property management"),
    ("环境卫生与垃圾分类", "Cleanliness and waste sorting"),
    ("道路停车", "Roads and parking"),
    ("水电气设施", "Water, power and gas"),
    ("安全隐患", "Safety hazards"),
    ("为老助餐", "Meals for elders"),
    ("医疗健康", "Health"),
    ("教育托育", "Education and child care"),
    ("文体活动", "Culture and sports"),
    ("助残帮困", "Help in hardship"),
    ("跑腿代办", "Errands"),
    ("邻里调解", "Disputes between neighbours"),
    ("新就业群体", "Gig workers"),
    ("企业服务", "Services to companies"),
    ("其他", "Other"),
]


def load_defaults() -> None:
    """Create the default categories when there is none at all."""
    if not Category.objects.exists():
        Category.objects.bulk_create(
            Category(name=name, name_en=name_en, order=10 * place)
            for place, (name, name_en) in enumerate(CATEGORIES, start=1)
        )


KINDS = {
    "老旧小区与电梯": ("repair", "measuring"),
    "物业管理": ("mediator", "legal"),
    "环境卫生与垃圾分类": ("supplies", "measuring"),
    "道路停车": ("parking",),
    "水电气设施": ("repair", "measuring"),
    "安全隐患": ("measuring", "supplies"),
    "为老助餐": ("elders-canteen", "elders-home"),
    "医疗健康": ("clinic", "medic", "health"),
    "教育托育": ("activity-room", "books", "reading-room", "elders-school"),
    "文体活动": ("activity-room", "sports", "artist", "equipment", "sports-place"),
    "助残帮困": ("haircut", "repair", "medic", "legal"),
    "跑腿代办": ("service-centre", "station"),
    "邻里调解": ("mediator", "counsellor", "council-hall"),
    "新就业群体": ("riders-station", "merchant", "station"),
    "企业服务": ("firms-station", "meeting-room", "legal"),
}
"""What resources each default category looks for first: names of categories, keys of kinds."""


def load_kinds() -> None:
    """Say of the default categories which kinds of resources they look for, while none says so."""
    between = Category.kinds.through
    if between.objects.exists():
        return
    kinds = dict(ResourceKind.objects.sorts().values_list("key", "pk"))
    between.objects.bulk_create(
        between(category_id=category.pk, resourcekind_id=kinds[key])
        for category in Category.objects.filter(name__in=KINDS)
        for key in KINDS[category.name]
        if key in kinds
    )


def load_clocks() -> None:
    """Start the limits of open needs, of wishes and of requests that wait, from before limits were kept."""
    start_missing_clocks()
    start_missing_wish_clocks()
    start_missing_errand_waits()
    start_missing_extension_clocks()
    start_missing_reminders()
