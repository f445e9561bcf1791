from django.db import migrations, models
from django.db.models import F, Q


class Migration(migrations.Migration):
    dependencies = [("points", "0004_holds_end_once")]

    operations = [
        migrations.AddIndex(
            model_name="redemptionevent",
            index=models.Index(
                "actor", F("at").desc(), condition=Q(("verb", "write_off")), name="redemptionevent_handed"
            ),
        ),
    ]
