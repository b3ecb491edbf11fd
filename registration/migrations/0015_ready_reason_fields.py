from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registration', '0014_queue_of_few'),
    ]

    operations = [
        migrations.AddField(
            model_name='cannedreason',
            name='fields_to_mend',
            field=models.JSONField(blank=True, default=list, verbose_name='what is to be put right'),
        ),
    ]
