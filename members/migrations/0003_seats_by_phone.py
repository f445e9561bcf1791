"""Liaisons come in by phone: accounts made for a seat, which nobody could enter, become accounts entered by code."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

UNUSABLE = "!"


def enter_by_phone(apps, schema_editor):
    User, Liaison = apps.get_model("people", "User"), apps.get_model("members", "Liaison")
    for seat in Liaison.objects.select_related("user"):
        Liaison.objects.filter(pk=seat.pk).update(name=seat.user.name)
    seated = Liaison.objects.values("user")
    without = User.objects.filter(pk__in=seated, sign_in="password", password__startswith=UNUSABLE, is_active=True)
    for user in without.exclude(phone_index="").filter(grants__isnull=True).order_by("pk"):
        if len(user.phone) != 11 or not user.phone.startswith("1"):
            continue  # no text message reaches it
        known = User.objects.filter(sign_in="phone", phone_index=user.phone_index).first()
        if known is None:
            # As one entered by phone it begins now: what was said with the number long before is not its own.
            User.objects.filter(pk=user.pk).update(sign_in="phone", created_at=timezone.now())
        elif known.is_active:
            Liaison.objects.filter(user=user).update(user=known)


class Migration(migrations.Migration):
    dependencies = [
        ("members", "0002_suspended"),
        ("people", "0003_code_purpose"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="liaison",
            name="name",
            field=models.CharField(
                blank=True,
                db_default="",
                help_text="单位报来的姓名；本人怎么称呼自己，由本人定",
                max_length=30,
                verbose_name="联络员",
            ),
        ),
        migrations.AlterField(
            model_name="liaison",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="seats",
                to=settings.AUTH_USER_MODEL,
                verbose_name="账号",
            ),
        ),
        migrations.RunPython(enter_by_phone, migrations.RunPython.noop),
    ]
