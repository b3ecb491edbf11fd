from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("registration", "0007_letters_have_pages")]

    operations = [
        migrations.AddField(
            model_name="focalpoint",
            name="name",
            field=models.CharField(blank=True, db_default="", default="", max_length=150, verbose_name="name"),
        ),
    ]
