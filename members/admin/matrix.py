"""The matrix of an alliance: groups across, zones down, units opened by cell and moved together."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from alliance.lib.errors import Conflict, DomainError, Invalid, NotAllowed, NotFound, RuleBroken
from members.forms.bodies import NOWHERE, MoveForm, cell_key, read_part
from members.models import Alliance, Membership
from members.services.matrix import Head, Matrix, matrix_of, members_of_cell
from members.services.placing import Cell, Move, place_members
from people.visitors import signed_in

UNDO = "members_matrix_undo"
Where = dict[str, int | None]


class MatrixPages:
    """Two addresses of the alliance's admin: the matrix, and taking the last move back."""

    def get_urls(self) -> list[Any]:
        page: Any = self
        view = page.admin_site.admin_view
        own = [
            path("<int:pk>/matrix/", view(self.matrix), name="members_alliance_matrix"),
            path("<int:pk>/matrix/undo/", view(self.undo), name="members_alliance_undo"),
        ]
        return [*own, *super().get_urls()]  # type: ignore[misc]

    def matrix(self, request: HttpRequest, pk: int) -> HttpResponse:
        """GET: the matrix, with ``cell``, ``group`` or ``zone`` opened. POST: the chosen units move."""
        alliance = self.seen(request, pk)
        drawn = matrix_of(alliance)
        where = _where(request.GET)
        if request.method != "POST":
            return self._drawn(request, drawn, where)
        self.require_keep(request, alliance)
        form = MoveForm(request.POST, matrix=drawn)
        if not form.is_valid() or not form.cleaned_data["units"]:
            form.is_valid() and form.add_error("units", _("请先勾选要移动的单位。"))
            return self._drawn(request, drawn, where, form, 422)
        moves = [one for one in form.moves() if one.to != one.seen]
        if not moves:
            messages.info(request, _("没有变化：选的单位本来就在那里。"))
            return redirect(f"{_url(pk, where)}#moved")
        try:
            undone = place_members(alliance=pk, moves=moves, by=signed_in(request))
        except (Conflict, Invalid) as error:
            form.add_error(None, str(_first(error)))
            return self._drawn(request, matrix_of(alliance), where, form, 422 if isinstance(error, Invalid) else 409)
        self._moved(request, drawn, form, undone)
        return redirect(f"{_url(pk, where)}#moved")  # or a phone stays at the list, below what was said

    def undo(self, request: HttpRequest, pk: int) -> HttpResponse:
        """POST: the last move of this person in this alliance is taken back, if nobody moved the units since."""
        alliance = self.seen(request, pk)
        kept = request.session.get(UNDO) or {}
        if request.method != "POST":
            return redirect(_url(pk, {}))
        self.require_keep(request, alliance)
        if kept.get("alliance") != pk:
            raise RuleBroken(_("没有可以撤销的移动。"))
        moves = [Move(row[0], Cell(*row[1:3]), Cell(*row[3:5])) for row in kept["moves"]]
        del request.session[UNDO]
        try:
            place_members(alliance=pk, moves=moves, by=signed_in(request))
        except DomainError as error:
            messages.error(request, str(_first(error)))
            return self._drawn(request, matrix_of(alliance), {}, None, error.status)
        messages.success(request, _("已撤销，单位回到了原来的位置。"))
        return redirect(_url(pk, {}))

    def seen(self, request: HttpRequest, pk: int) -> Alliance:
        found = Alliance.objects.visible_to(request.user).select_related("area").filter(pk=pk).first()
        if found is None:
            raise NotFound
        return found

    def require_keep(self, request: HttpRequest, alliance: Alliance) -> None:
        page: Any = self
        if not page._may(request, "keep", alliance):
            raise NotAllowed

    def _moved(self, request: HttpRequest, drawn: Matrix, form: MoveForm, undone: list[Move]) -> None:
        names = {head.body.pk: str(head.body) for head in [*drawn.groups, *drawn.zones]}
        cell = undone[0].seen
        said = {"n": len(undone), "cell": _cell_name(names, {"group": cell.group, "zone": cell.zone})}
        words = ngettext("%(n)d家单位移到了“%(cell)s”。", "%(n)d家单位移到了“%(cell)s”。", len(undone))
        rows = [[m.membership, m.seen.group, m.seen.zone, m.to.group, m.to.zone] for m in undone]
        request.session[UNDO] = {"alliance": drawn.alliance.pk, "moves": rows, "said": words % said}

    def _drawn(
        self, request: HttpRequest, drawn: Matrix, where: Where, form: MoveForm | None = None, status: int = 200
    ) -> HttpResponse:
        page: Any = self
        alliance, opened = drawn.alliance, None
        if where:
            opened = _opened(drawn, where, form)
        kept = request.session.get(UNDO) or {}
        context = {
            **page.admin_site.each_context(request),
            "opts": page.model._meta,
            "title": _("%(alliance)s 界别片区") % {"alliance": alliance},
            "alliance": alliance,
            "table": _table(drawn, where),
            "opened": opened,
            "form": form or MoveForm(matrix=drawn, initial=_start(where)),
            "may_keep": page._may(request, "keep", alliance),
            "undo": kept.get("said") if kept.get("alliance") == alliance.pk else "",
            "action": _url(alliance.pk, where),
        }
        return TemplateResponse(request, "admin/members/matrix.html", context, status=status)


def _first(error: DomainError) -> Any:
    fields = error.fields if isinstance(error, Invalid) else {}
    return next((texts[0] for texts in fields.values() if texts), error.message)


def _where(query: Any) -> Where:
    """Which part is opened: ``cell=12.34``, ``group=12`` or ``zone=-``; nonsense opens nothing."""
    try:
        if "cell" in query:
            group, zone = query["cell"].split(".")
            return {"group": read_part(group), "zone": read_part(zone)}
        return {name: read_part(query[name]) for name in ("group", "zone") if name in query}
    except ValueError:
        return {}


def _url(pk: int, where: Where) -> str:
    parts = {name: NOWHERE if value is None else str(value) for name, value in where.items()}
    query = "&".join(f"{name}={value}" for name, value in parts.items())
    if len(parts) > 1:
        query = f"cell={parts['group']}.{parts['zone']}"
    return reverse("admin:members_alliance_matrix", args=[pk]) + (f"?{query}" if query else "")


def _start(where: Where) -> dict[str, str]:
    return {name: NOWHERE if where.get(name) is None else str(where[name]) for name in ("group", "zone")}


def _table(drawn: Matrix, where: Where) -> dict[str, Any]:
    """Heads, cells and sums with their addresses; a place for what is in no group or no zone if there is any."""
    pk = drawn.alliance.pk
    columns = [*drawn.groups, *([None] if drawn.in_group(None) else [])]
    rows = [*drawn.zones, *([None] if drawn.in_zone(None) else [])]

    def cell(count: int, **part: int | None) -> dict[str, Any]:
        return {"n": count, "url": f"{_url(pk, part)}#units", "current": bool(where) and where == part}

    def head(one: Head | None, axis: str, count: int) -> dict[str, Any]:
        key = one.body.pk if one else None
        said = {"pk": key, "name": _part_name({key or 0: str(one.body) if one else ""}, axis, key)}
        url = reverse("admin:members_body_change", args=[key]) if one else ""
        return {**said, "body_url": url, "people": one.people if one else [], **cell(count, **{axis: key})}

    heads = [head(one, "group", drawn.in_group(one.body.pk if one else None)) for one in columns]
    lines = [head(one, "zone", drawn.in_zone(one.body.pk if one else None)) for one in rows]
    for line in lines:
        line["cells"] = [
            {"group": top["name"], **cell(drawn.counts.get(Cell(*at), 0), group=at[0], zone=at[1])}
            for top in heads
            for at in [(top["pk"], line["pk"])]
        ]
    nowhere = cell(drawn.counts.get(Cell(), 0), group=None, zone=None)
    return {"heads": heads, "lines": lines, "total": drawn.total, "nowhere": nowhere}


def _opened(drawn: Matrix, where: Where, form: MoveForm | None) -> dict[str, Any]:
    """The units of what is opened, ticked as they were when a move was refused."""
    names = {head.body.pk: str(head.body) for head in [*drawn.groups, *drawn.zones]}
    if any(value is not None and value not in names for value in where.values()):
        raise NotFound
    sent: Any = form.data if form else None
    ticked = {value.partition(".")[0] for value in sent.getlist("units")} if sent else set()
    members: list[Any] = members_of_cell(drawn.alliance, **where)
    return {
        "title": _cell_name(names, where),
        "rows": [_row(member, names, str(member.pk) in ticked, len(where)) for member in members],
    }


def _cell_name(names: dict[int, str], where: Where) -> str:
    return " · ".join(_part_name(names, axis, where[axis]) for axis in ("zone", "group") if axis in where)


def _part_name(names: dict[int, str], axis: str, key: int | None) -> str:
    if key is not None:
        return names[key]
    return _("未分界别") if axis == "group" else _("未分片区")


def _row(member: Any, names: dict[int, str], ticked: bool, parts: int) -> dict[str, Any]:
    cell = Cell(member.group, member.zone)
    elsewhere = [names.get(key, "") for key in (cell.zone, cell.group) if key]
    unit: Membership = member.unit
    return {
        "value": f"{member.pk}.{cell_key(cell)}",
        "unit": unit,
        "kind": member.unit.get_kind_display(),
        "where": "" if parts > 1 else " · ".join(elsewhere),
        "ticked": ticked,
    }
