"""A form page of the workbench: a new row or a change of one, refused with every word that was typed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alliance.lib.errors import Conflict, DomainError, NotFound, Text
from alliance.lib.refused import add_errors

EDIT = "admin/projects/edit.html"


class FormPages:
    """For admin classes with ``change_url`` (``ActViews``). ``new_title`` and ``edit_title`` head the pages."""

    admin_site: Any
    opts: Any
    change_url: Callable[[int], str]
    _find: Callable[..., Any]

    new_title: Text
    edit_title: Text
    made: Text = gettext_lazy("登记好了，编号%(number)s。")

    def saved(self, request: HttpRequest, form: Any, row: Any, save: Callable[[], Any]) -> HttpResponse:
        """Hand what was typed to ``save``; ``row``: what is changed, None where it is new."""
        if not form.is_valid():
            return self.shown(request, form, row, 422)
        try:
            done = save()
        except DomainError as error:
            if error.status == NotFound.status:
                raise
            add_errors(form, error)
            if row is not None and isinstance(error, Conflict):
                typed: Any = form.data
                form.data = again = typed.copy()
                again["version"] = str(self._find(request, row.pk).version)
            return self.shown(request, form, row, 422 if error.status == 400 else error.status)
        messages.success(request, _("改好了。") if row else self.made % {"number": getattr(done, "number", "")})
        return HttpResponseRedirect(self.change_url(done.pk))

    def shown(self, request: HttpRequest, form: Any, row: Any, status: int = 200) -> HttpResponse:
        listed = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": self.edit_title if row else self.new_title,
            "form": form,
            "groups": form.groups(),
            "row": row,
            "listed": self.opts.verbose_name_plural,
            "back_url": self.change_url(row.pk) if row else listed,
        }
        return TemplateResponse(request, EDIT, context, status=status)
