from django.db import migrations

# While an errand is out its need stays at the desk that sent it out.
OF_THE_STREET = """
UPDATE claims_offer AS offer SET by_street = true
FROM needs_errand AS errand JOIN needs_need AS need ON need.id = errand.need_id
WHERE errand.offer_id = offer.id AND offer.state = 'open' AND need.office = 'street'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("needs", "0022_proposed"),
        ("claims", "0006_by_street"),
    ]

    operations = [migrations.RunSQL(OF_THE_STREET, migrations.RunSQL.noop)]
