"""In what ordinary words a kind is asked for; kinds that are there get those of a new installation."""

import django.contrib.postgres.fields
from django.db import migrations, models

SAID = {
    "meeting-room": "地方开会 开会的地方 借会议室 找会场",
    "activity-room": "活动的地方 排练的地方 上课的地方 借教室",
    "sports": "打羽毛球 打乒乓 打篮球 打球的地方 借球场",
    "parking": "没处停车 停车难 停车位 停不下车 找车位",
    "visiting": "去参观 想参观 带孩子参观",
    "lecturer": "上党课 讲党课 听党课",
    "medic": "量血压 量个血压 量量血压 打针 换药 问用药",
    "mediator": "调解 打官司 吵了好几次 劝一劝",
    "counsellor": "心理咨询 心里难受 谈谈心 聊聊心事 睡不着觉",
    "artist": "教唱歌 教跳舞 排节目 写春联 教书法",
    "clinic": "看看病 把把脉 把脉 量血压 量个血压 量量血压 推拿",
    "haircut": "理个发 理理发 理头发 剪头 剪个头 剪剪头 剃头 剃个头 修头发 剪发",
    "repair": "修水管 修龙头 水龙头 疏通 下水道 通马桶 换灯泡 修电器 修家电 修电饭煲 修修",
    "measuring": "验水 测水质 水质 测血糖 量血糖 测甲醛",
    "legal": "打官司 问律师 请律师 法律上的 写遗嘱 欠薪 合同纠纷",
    "equipment": "借椅子 借桌子 借音响 借帐篷 借话筒",
    "supplies": "应急灯 沙袋",
    "books": "借书 借几本书",
    "coach": "大巴 包车 租车",
    "service-centre": "开证明 盖章",
    "elders-canteen": "老年食堂 助老餐 送饭 没人做饭",
    "reading-room": "看书的地方 写作业的地方 自习",
    "sports-place": "健身的地方",
    "health": "配药 开药",
    "elders-home": "日托 助浴 请人洗澡",
}


def fill(apps, schema_editor):
    kinds = apps.get_model("resources", "ResourceKind").objects.filter(key__in=SAID)
    for kind in kinds:
        kind.said = SAID[kind.key].split()
        kind.save(update_fields=["said"])


class Migration(migrations.Migration):
    dependencies = [("resources", "0003_one_word")]

    operations = [
        migrations.AddField(
            model_name="resourcekind",
            name="said",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=20),
                blank=True,
                db_default=models.Value(
                    [], output_field=django.contrib.postgres.fields.ArrayField(models.CharField(max_length=20))
                ),
                default=list,
                help_text="居民说到这些话，就是要找它，如：理个发，剪头；用逗号分开",
                size=None,
                verbose_name="平时怎么说",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
