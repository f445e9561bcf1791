"""Pictures of activities over the API: those that are public; whether one may be on them oneself."""

from __future__ import annotations

from django.urls import reverse
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from alliance.lib.api import REFUSALS
from alliance.lib.api_views import ApiView
from alliance.lib.errors import NotFound
from people.visitors import signed_in
from volunteers.api import shapes
from volunteers.models import Activity, DayPhoto, PhotoConsent, SignUp
from volunteers.services.photo_consents import agree_to_photos, refuse_photos

MOST = 60


class ActivityPhotos(ApiView):
    """一个活动公开的现场照片，最近的场次在前，最多60张。"""

    @extend_schema(
        operation_id="activities_photos",
        tags=["activities"],
        responses={200: shapes.ActivityPhotoRow(many=True), **REFUSALS},
    )
    def get(self, request: Request, pk: int) -> Response:
        if not Activity.objects.public().filter(pk=pk).exists():
            raise NotFound
        rows = DayPhoto.objects.public().filter(slot__activity_id=pk).order_by("-slot__starts", "pk")[:MOST]
        return Response([_photo(request, one) for one in rows])


def _photo(request: Request, row: DayPhoto) -> dict[str, object]:
    url = request.build_absolute_uri(reverse("volunteers:photo", args=[row.pk]))
    return {"id": row.pk, "day": row.slot_id, "caption": row.caption, "url": url}


class PhotosSaid(ApiView):
    """现场照片里可不可以有自己；随时可以改，不同意了照片马上不公开。"""

    @extend_schema(
        operation_id="signups_photos",
        tags=["activities"],
        request=shapes.PhotosSaidRequest,
        responses={200: shapes.PhotosSaidRow, **REFUSALS},
    )
    def post(self, request: Request, pk: int) -> Response:
        given = shapes.PhotosSaidRequest(data=request.data)
        given.is_valid(raise_exception=True)
        by = signed_in(request)
        if not SignUp.objects.filter(pk=pk, person=by).exists():
            raise NotFound
        if given.validated_data["agree"]:
            agree_to_photos(pk=pk, by=by, guardian=given.validated_data["guardian"])
        else:
            refuse_photos(pk=pk, by=by)
        row = PhotoConsent.objects.filter(signup_id=pk, withdrawn_at__isnull=True).first()
        return Response({"agree": row is not None, "guardian": row is not None and row.guardian})
