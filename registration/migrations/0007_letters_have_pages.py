from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('registration', '0006_compared_with_others'),
    ]

    operations = [
        migrations.AddField(
            model_name='letter',
            name='pages',
            field=models.PositiveSmallIntegerField(blank=True, editable=False, null=True, verbose_name='pages'),
        ),
        migrations.AddIndex(
            model_name='letter',
            index=models.Index(fields=['meeting', 'sha256'], name='letter_same_file'),
        ),
    ]
