"""Every line of every history keeps to the constraints of the migration before."""

from django.contrib.postgres.operations import ValidateConstraint
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("needs", "0024_talked")]

    operations = [
        ValidateConstraint(model_name="needevent", name="needevent_verb_known"),
        ValidateConstraint(model_name="needevent", name="needevent_words_have_a_reader"),
    ]
