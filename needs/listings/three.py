"""需求清单, one of the three: what staff put into it, for themselves and for everybody.

In public a need is the sentence that staff wrote for it, its category, community and whether it is done. The words that
were said, the place and whoever said it are not even read.
"""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.dates import day_of, iso
from alliance.lib.listing import Cell, Column, Facet, Listing, Options, Rows, Tab, by_column, equals, register
from alliance.lib.search import words_of
from alliance.lib.three import KIND, STATE, ThreeList
from needs.listings.common import page_of
from needs.models import Category, Need
from needs.permissions import abilities
from needs.states import Origin, State
from people.models import Area
from people.querysets import STREET_LENGTH

ORDER = ("-listed_at", "-id")
READ = (
    *("id", "number", "listed_words", "listed_at", "state", "origin", "street_code"),
    *("area__name", "category__name", "category__name_en"),
    *("asker__name", "asker__short_name", "asker__is_public", "asker__merged_into"),
)


def in_list(found: Rows) -> Rows:
    """Only what is shown is read."""
    return found.select_related("area", "category", "asker").only(*READ)


def asker(need: Any) -> str:
    """Who needs it, as everybody may know: a unit that agreed to be shown is named, a resident never."""
    if need.asker is None:
        return _("居民")
    shown = need.asker.is_public and need.asker.merged_into_id is None
    return str(need.asker) if shown else _("一家联盟单位")


def _staff_asker(need: Any) -> str:
    return str(need.asker) if need.asker else _("居民")


def _state(need: Any) -> Cell:
    """In two words: what somebody answered is nobody else's to read, so that 待评价 and 重办 are both under way."""
    if need.state == State.CLOSED:
        return Cell(text=_("办好了"), tone="ok")
    return Cell(text=_("正在办"), tone="info")


def _category(need: Any) -> str:
    return need.category.label if need.category else _("未分类")


def _tabs() -> tuple[Tab, ...]:
    done = Q(state=State.CLOSED)
    return (
        Tab(key="all", label=gettext_lazy("全部"), narrow=lambda found, _user: found),
        Tab(key="doing", label=gettext_lazy("正在办"), narrow=lambda found, _user: found.exclude(done)),
        Tab(key="done", label=gettext_lazy("办好了"), narrow=lambda found, _user: found.filter(done)),
    )


def _columns(who: Any) -> tuple[Column, ...]:
    return (
        Column(key="what", label=gettext_lazy("需要什么"), cell=lambda need: need.listed_words),
        Column(key=KIND, label=gettext_lazy("类别"), cell=_category),
        Column(key="who", label=gettext_lazy("谁需要"), cell=who),
        Column(key="community", label=gettext_lazy("社区"), cell=lambda need: need.area.name),
        Column(
            key="day",
            label=gettext_lazy("列入日期"),
            cell=lambda need: day_of(need.listed_at),
            value=lambda need: iso(need.listed_at),
        ),
        Column(key=STATE, label=gettext_lazy("状态"), cell=_state, value=lambda need: _state(need).text),
    )


def _facets(places: Any) -> tuple[Facet, ...]:
    return (
        Facet(
            key="community",
            label=gettext_lazy("社区"),
            any_label=gettext_lazy("全部社区"),
            options=places,
            narrow=equals("area_id"),
            counts=by_column("area_id"),
            main=True,
        ),
        Facet(
            key="kind",
            label=gettext_lazy("类别"),
            any_label=gettext_lazy("全部类别"),
            options=lambda _user: [(str(one.pk), one.label) for one in Category.objects.all()],
            narrow=equals("category"),
            counts=by_column("category"),
            main=True,
        ),
    )


def _said(found: Rows, words: str) -> Rows:
    """Only the published sentence is searched: what was said would tell itself by what is found."""
    for word in words_of(words):
        found = found.filter(listed_words__icontains=word)
    return found


def of_alliance(alliance: Any) -> Rows:
    """What stands in the public list of ``alliance``: of its street, or of its own community."""
    found = Need.objects.in_public_list().filter(street_code=alliance.street_code)
    return found if len(alliance.area_id) == STREET_LENGTH else found.filter(area__code__startswith=alliance.area_id)


def public(alliance: Any) -> Listing:
    """需求清单 of one alliance, for everybody."""
    return Listing(
        key="public.needs",
        title=gettext_lazy("需求清单"),
        url_name="portal:list",
        row_url=lambda need: "",
        may_view=lambda user: True,
        rows=lambda user: in_list(of_alliance(alliance)),
        order=ORDER,
        tabs=_tabs(),
        columns=_columns(asker),
        facets=_facets(lambda _user: places_in(alliance)),
        search=_said,
        size=30,
    )


def places_in(alliance: Any) -> Options:
    """The alliance's place and the communities in it."""
    rows = Area.objects.filter(pk__startswith=alliance.area_id, level__in=["street", "community"])
    return list(rows.order_by("code").values_list("code", "name"))


def _staff_places(user: Any) -> Options:
    codes = Need.objects.visible_to(user).filter(listed=True).order_by().values("area_id").distinct()
    return list(Area.objects.filter(pk__in=codes).order_by("code").values_list("code", "name"))


STAFF = register(
    Listing(
        key="lists.needs",
        title=gettext_lazy("需求清单"),
        url_name="admin:lists_needs",
        row_url=page_of("need"),
        may_view=lambda user: "view" in abilities(user),
        rows=lambda user: in_list(Need.objects.visible_to(user).in_public_list()),
        order=ORDER,
        order_label=gettext_lazy("新的在前"),
        tabs=_tabs(),
        columns=(
            *_columns(_staff_asker),
            Column(key="number", label=gettext_lazy("编号"), cell=lambda need: need.number, shown=False),
            Column(
                key="origin",
                label=gettext_lazy("来源"),
                cell=lambda need: str(Origin(need.origin).label),
                shown=False,
            ),
        ),
        facets=_facets(_staff_places),
        search=_said,
        search_hint=gettext_lazy("公开的那句话里的词"),
        empty_title=gettext_lazy("需求清单还空着"),
        empty_text=gettext_lazy("单位的需求采纳时、居民的诉求办理时，都可以列进来。"),
    )
)


def three() -> ThreeList:
    return ThreeList(key="needs", staff=STAFF, public=public)
