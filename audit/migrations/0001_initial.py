import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from alliance.lib.appendonly import guard

# Every writer holds a shared lock from before its id is drawn until its transaction ends, so that the sealer, who
# takes the lock exclusively, knows that no lower id is still to come (audit/services.py). A statement trigger fires
# before the defaults of the rows are computed; it holds for whoever inserts, also past the service.
WRITERS = """
CREATE FUNCTION audit_hold_writers_lock() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM pg_advisory_xact_lock_shared(7265101);
    RETURN NULL;
END $$;
CREATE TRIGGER audit_auditentry_writers BEFORE INSERT ON audit_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION audit_hold_writers_lock();
"""
NO_WRITERS = """
DROP TRIGGER IF EXISTS audit_auditentry_writers ON audit_auditentry;
DROP FUNCTION IF EXISTS audit_hold_writers_lock();
"""


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "first",
                    models.BigIntegerField(help_text="上一次封存之后的第一条", verbose_name="起始序号"),
                ),
                ("up_to", models.BigIntegerField(verbose_name="截止序号")),
                ("count", models.PositiveIntegerField(verbose_name="条数")),
                ("previous_hash", models.CharField(blank=True, max_length=64, verbose_name="上一摘要")),
                ("hash", models.CharField(max_length=64, verbose_name="摘要")),
                (
                    "sealed_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="封存时间"),
                ),
            ],
            options={
                "verbose_name": "审计封存",
                "verbose_name_plural": "审计封存",
                "ordering": ("-id",),
                "constraints": [
                    models.UniqueConstraint(fields=("previous_hash",), name="seal_chain_never_forks"),
                    models.CheckConstraint(condition=models.Q(("count__gt", 0)), name="seal_covers_something"),
                    models.CheckConstraint(condition=models.Q(("up_to__gte", models.F("first"))), name="seal_in_order"),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="时间")),
                ("actor_label", models.CharField(blank=True, max_length=60, verbose_name="操作人")),
                (
                    "action",
                    models.CharField(
                        choices=[
                            ("sign_in", "登录"),
                            ("sign_in_failed", "登录失败"),
                            ("sign_out", "退出"),
                            ("lockout", "登录锁定"),
                            ("password_changed", "修改密码"),
                            ("account_created", "建立账号"),
                            ("account_switched", "启用或停用账号"),
                            ("account_renamed", "改姓名"),
                            ("lookup", "按手机号查找账号"),
                            ("grant", "授予角色"),
                            ("grant_ended", "结束角色"),
                            ("area_changed", "修改区域"),
                            ("category_changed", "修改诉求类别"),
                            ("dial", "拨打电话"),
                            ("reveal", "查看联系方式"),
                            ("export", "导出"),
                            ("download", "下载"),
                        ],
                        max_length=24,
                        verbose_name="操作",
                    ),
                ),
                ("subject", models.CharField(blank=True, max_length=80, verbose_name="对象")),
                ("area_code", models.CharField(blank=True, max_length=24, verbose_name="区划代码")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="事由")),
                ("params", models.JSONField(blank=True, default=dict, verbose_name="细节")),
                (
                    "ip",
                    models.CharField(blank=True, help_text="末段隐去", max_length=45, verbose_name="网络地址"),
                ),
                (
                    "ip_key",
                    models.CharField(
                        blank=True, help_text="相同的地址，摘要相同", max_length=43, verbose_name="地址摘要"
                    ),
                ),
                (
                    "actor",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="操作人",
                    ),
                ),
            ],
            options={
                "verbose_name": "审计记录",
                "verbose_name_plural": "审计记录",
                "ordering": ("-id",),
                "indexes": [
                    models.Index(fields=["action", "-id"], name="audit_by_action"),
                    models.Index(fields=["at"], name="audit_by_time"),
                    models.Index(fields=["area_code"], name="audit_by_area", opclasses=["varchar_pattern_ops"]),
                    models.Index(
                        condition=models.Q(("subject", ""), _negated=True),
                        fields=["subject", "-id"],
                        name="audit_by_subject",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "action__in",
                                [
                                    "sign_in",
                                    "sign_in_failed",
                                    "sign_out",
                                    "lockout",
                                    "password_changed",
                                    "account_created",
                                    "account_switched",
                                    "account_renamed",
                                    "lookup",
                                    "grant",
                                    "grant_ended",
                                    "area_changed",
                                    "category_changed",
                                    "dial",
                                    "reveal",
                                    "export",
                                    "download",
                                ],
                            )
                        ),
                        name="audit_action_known",
                        violation_error_message="没有这种操作。",
                    ),
                    models.CheckConstraint(condition=models.Q(("id__gt", 0)), name="audit_id_from_one"),
                ],
            },
        ),
        guard("audit_auditentry"),
        guard("audit_auditseal"),
        migrations.RunSQL(WRITERS, NO_WRITERS),
    ]
