"""导入: choose what, take the template, send the file; look, import, take back. Parse, call one service, present."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import quote

from django.contrib import admin, messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from alliance.lib.errors import Invalid, NotAllowed, NotFound, RuleBroken, TooMany
from alliance.lib.http import waiting_time
from alliance.lib.importing import ImportKind, Place, importer
from audit.services import record
from audit.states import Action
from people.models import Area, User
from people.visitors import signed_in
from transfers import presenting, words, workbooks
from transfers.forms import ModeForm, UploadForm
from transfers.matching import how_to_fill
from transfers.models import ImportBatch
from transfers.permissions import batch_abilities, kinds_for, places_for
from transfers.services.importing import confirm_import, drop_import, start_import, undo_import
from transfers.sheets import MOST_BYTES

RECENT = 30


@require_safe
def imports(request: HttpRequest) -> HttpResponse:
    """What may be imported, and what was."""
    user = signed_in(request)
    kinds = kinds_for(user)
    if not kinds:
        raise NotAllowed
    cards = [{"label": kind.label, "url": reverse("admin:transfer_import_kind", args=[kind.key])} for kind in kinds]
    batches = ImportBatch.objects.visible_to(user).select_related("by", "area")[:RECENT]
    rows = [{"batch": batch, "label": presenting.kind_label(batch)} for batch in batches]
    return _show(request, "imports", {"title": _("导入"), "cards": cards, "rows": rows})


@require_http_methods(["GET", "HEAD", "POST"])
def kind(request: HttpRequest, key: str) -> HttpResponse:
    """One kind: how to fill in its table, and the form to send it."""
    declared, places = _kind(request, key)
    if request.method != "POST":
        return _kind_page(request, declared, places, UploadForm(places))
    form = UploadForm(places, request.POST, request.FILES)
    if not form.is_valid():
        return _kind_page(request, declared, places, form, 422)
    file = cast(UploadedFile, form.cleaned_data["file"])
    area = next(area for area in places if area.pk == form.cleaned_data["area"])
    try:
        batch = start_import(by=signed_in(request), kind=key, area=area, name=file.name or "", content=_content(file))
    except (Invalid, TooMany) as error:
        for text in getattr(error, "fields", {}).get("file", [error.message]):
            form.add_error("file", str(text))
        if isinstance(error, TooMany):
            form.add_error("file", _("过%(time)s可以再传。") % {"time": waiting_time(error)})
        return _kind_page(request, declared, places, form, error.status if isinstance(error, TooMany) else 422)
    return HttpResponseRedirect(_url(batch))


def _content(file: UploadedFile) -> bytes:
    """At most a little more than is taken: the service says that it is too much."""
    return file.read(MOST_BYTES + 1)


@require_safe
def template(request: HttpRequest, key: str) -> HttpResponse:
    """The empty table as a file."""
    declared, places = _kind(request, key)
    asked = request.GET.get("area", "")
    area = next((area for area in places if area.pk == asked), places[0])
    content = workbooks.template(declared, Place(area, signed_in(request)))
    return _file(content, _("%(what)s导入模板_%(area)s.xlsx") % {"what": declared.label, "area": area.name})


@require_safe
@never_cache
def batch(request: HttpRequest, pk: int) -> HttpResponse:
    """One import as it stands: how far, what it found, what became of it."""
    one, able = _batch(request, pk)
    return _batch_page(request, one, able, ModeForm(initial={"mode": one.mode}))


@require_safe
@never_cache
def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is; the page is loaded anew when there is more to show."""
    one, _able = _batch(request, pk)
    if not one.is_working:
        return HttpResponseClientRefresh()
    return TemplateResponse(request, "admin/transfers/_progress.html", {"progress": presenting.progress(one)})


@require_POST
def apply(request: HttpRequest, pk: int) -> HttpResponse:
    """导入."""
    one, able = _batch(request, pk)
    form = ModeForm(request.POST)
    if not form.is_valid():
        return _batch_page(request, one, able, form, 422)
    return _done(request, pk, lambda: confirm_import(pk=pk, by=signed_in(request), mode=form.cleaned_data["mode"]))


@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """不导入."""
    done = _done(
        request, pk, lambda: drop_import(pk=pk, by=signed_in(request)), say=_("没有导入，文件的内容已经清除。")
    )
    done["Location"] = reverse("admin:transfer_imports")
    return done


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """撤销."""
    return _done(request, pk, lambda: undo_import(pk=pk, by=signed_in(request)))


@require_POST
def errors(request: HttpRequest, pk: int) -> HttpResponse:
    """The lines that have to be mended, as a table; that it was taken is written down, so this is no GET."""
    one, _able = _batch(request, pk)
    headers, rows = presenting.mended_rows(one)
    if not rows:
        raise NotFound
    subject, params = f"import:{one.pk}", {"kind": one.kind, "rows": len(rows)}
    record(Action.DOWNLOAD, actor=signed_in(request), subject=subject, area_code=one.area_id, params=params)
    stem = one.file_name.rpartition(".")[0] or one.file_name
    return _file(workbooks.table(headers, rows), _("%(file)s_待修改.xlsx") % {"file": stem})


def _done(request: HttpRequest, pk: int, service: Any, say: str = "") -> HttpResponseRedirect:
    try:
        service()
    except RuleBroken as error:
        messages.warning(request, str(error.message))
    else:
        if say:
            messages.success(request, say)
    return HttpResponseRedirect(reverse("admin:transfer_import", args=[pk]))


def _kind(request: HttpRequest, key: str) -> tuple[ImportKind, list[Area]]:
    user, declared = signed_in(request), importer(key)
    if declared is None:
        raise NotFound
    places = places_for(user, declared) if user.has_role(*declared.roles) else []
    if not places:
        raise NotAllowed
    return declared, places


def _batch(request: HttpRequest, pk: int) -> tuple[ImportBatch, frozenset[str]]:
    user = signed_in(request)
    one = ImportBatch.objects.visible_to(user).select_related("by", "acted_by", "area").filter(pk=pk).first()
    if one is None:
        raise NotFound
    return one, batch_abilities(user, one)


def _kind_page(
    request: HttpRequest, declared: ImportKind, places: list[Area], form: UploadForm, status: int = 200
) -> HttpResponse:
    url = reverse("admin:transfer_import_template", args=[declared.key])
    templates = [{"url": f"{url}?area={area.pk}", "name": area.name} for area in places]
    place = Place(places[0], signed_in(request)) if len(places) == 1 else None
    columns = [{"column": column, "how": how_to_fill(column, place)} for column in declared.columns]
    context = {"title": declared.label, "kind": declared, "form": form, "templates": templates, "columns": columns}
    return _show(request, "import_kind", context, status)


def _batch_page(
    request: HttpRequest, one: ImportBatch, able: frozenset[str], form: ModeForm, status: int = 200
) -> HttpResponse:
    asked, after = request.GET.get("show", ""), request.GET.get("after", "0")
    beside = presenting.is_looked_at(one) and not asked  # before anything is written: a bit of everything
    tab = "" if beside else presenting.tab_of(one, asked)
    rows, following = presenting.rows_of(one, tab, int(after) if after.isdigit() else 0) if tab else ([], 0)
    counts = one.counts
    context = {
        "title": presenting.kind_label(one),
        "batch": one,
        "able": able,
        "mode_form": form,
        "progress": presenting.progress(one),
        "tabs": presenting.tabs(one, tab),
        "looked": presenting.is_looked_at(one),
        "beside": beside,
        "groups": presenting.groups_of(one) if beside and not one.is_working else [],
        "rows": rows,
        "next_url": f"?show={tab}&after={following}" if following else "",
        "first_url": f"?show={tab}" if after not in ("", "0") else "",
        "to_do": counts.get("new", 0) + counts.get("changed", 0),
        "changed": counts.get("changed", 0),
        "has_bad": presenting.has_bad_rows(one) and one.purged_at is None,
        "ended": "" if presenting.is_looked_at(one) else words.ended(counts),
    }
    return _show(request, "import_batch", context, status)


def _url(one: ImportBatch) -> str:
    return reverse("admin:transfer_import", args=[one.pk])


def _show(request: HttpRequest, name: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    shown = {**admin.site.each_context(request), **context}
    return TemplateResponse(request, f"admin/transfers/{name}.html", shown, status=status)


def _file(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=workbooks.CONTENT_TYPE)
    response["Content-Disposition"] = f"attachment; filename=\"table.xlsx\"; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "private, no-store"
    return response


def urls(site: admin.AdminSite) -> list[URLPattern]:
    """``admin:transfer_imports`` and what belongs to it."""
    wrap = site.admin_view
    return [
        path("import/", wrap(imports), name="transfer_imports"),
        path("import/<int:pk>/", wrap(batch), name="transfer_import"),
        path("import/<int:pk>/progress/", wrap(progress), name="transfer_import_progress"),
        path("import/<int:pk>/apply/", wrap(apply), name="transfer_import_apply"),
        path("import/<int:pk>/drop/", wrap(drop), name="transfer_import_drop"),
        path("import/<int:pk>/undo/", wrap(undo), name="transfer_import_undo"),
        path("import/<int:pk>/errors/", wrap(errors), name="transfer_import_errors"),
        path("import/<str:key>/", wrap(kind), name="transfer_import_kind"),
        path("import/<str:key>/template/", wrap(template), name="transfer_import_template"),
    ]


def nav(request: HttpRequest) -> dict[str, Any] | None:
    """Files that come in, for those who may bring some, and one's own that go out; beside the lists they are of."""
    user, here = request.user, request.path
    if not isinstance(user, User):
        return None
    found = [(_("导入"), reverse("admin:transfer_imports"), bool(kinds_for(user)))]
    out = reverse("admin:transfers_exports")
    found.append((_("导出"), out, found[0][2] or here.startswith(out)))
    items = [{"label": label, "url": url, "current": here.startswith(url)} for label, url, shown in found if shown]
    return {"key": "members", "title": _("表格"), "items": items} if items else None
