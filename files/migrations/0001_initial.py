import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import files.models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Attachment",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("owner_kind", models.CharField(blank=True, max_length=40, verbose_name="归属类型")),
                ("owner_id", models.CharField(blank=True, max_length=40, verbose_name="归属编号")),
                ("area_code", models.CharField(blank=True, max_length=24, verbose_name="区划代码")),
                (
                    "hold_key",
                    models.CharField(blank=True, editable=False, max_length=43, verbose_name="草稿摘要"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("photo", "照片"), ("document", "文件")],
                        default="photo",
                        max_length=12,
                        verbose_name="类别",
                    ),
                ),
                ("name", models.CharField(max_length=80, verbose_name="文件名")),
                ("content_type", models.CharField(max_length=60, verbose_name="格式")),
                ("size", models.PositiveIntegerField(verbose_name="字节数")),
                ("width", models.PositiveIntegerField(default=0, verbose_name="宽")),
                ("height", models.PositiveIntegerField(default=0, verbose_name="高")),
                ("sha256", models.CharField(max_length=64, verbose_name="摘要")),
                ("file", models.FileField(upload_to=files.models.file_path, verbose_name="文件")),
                (
                    "thumbnail",
                    models.FileField(blank=True, upload_to=files.models.thumbnail_path, verbose_name="缩略图"),
                ),
                (
                    "created_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="上传时间"),
                ),
                (
                    "created_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="上传人",
                    ),
                ),
            ],
            options={
                "verbose_name": "附件",
                "verbose_name_plural": "附件",
                "indexes": [
                    models.Index(
                        condition=models.Q(("owner_kind", ""), _negated=True),
                        fields=["owner_kind", "owner_id", "created_at"],
                        name="attachment_by_owner",
                    ),
                    models.Index(
                        condition=models.Q(("hold_key", ""), _negated=True),
                        fields=["created_at"],
                        name="attachment_held_since",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("hold_key", ""), ("owner_id__gt", ""), ("owner_kind__gt", "")),
                            models.Q(("hold_key__gt", ""), ("owner_id", ""), ("owner_kind", "")),
                            _connector="OR",
                        ),
                        name="attachment_held_or_attached",
                        violation_error_message="附件要么在草稿里，要么已经归属。",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["photo", "document"])), name="attachment_kind_known"
                    ),
                    models.CheckConstraint(condition=models.Q(("size__gt", 0)), name="attachment_not_empty"),
                    models.UniqueConstraint(
                        condition=models.Q(("hold_key", ""), _negated=True),
                        fields=("hold_key", "sha256"),
                        name="attachment_once_in_a_draft",
                    ),
                ],
            },
        ),
    ]
