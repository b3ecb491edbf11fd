import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("registration", "0012_bulk_in_words"),
    ]

    operations = [
        migrations.AlterField(
            model_name="reviewedcategory",
            name="category",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.RESTRICT, related_name="+", to="registration.category"
            ),
        ),
    ]
