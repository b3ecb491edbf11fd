from django.db import migrations

TRIGGER = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION placard_append_only();
"""
TABLES = ("registration_registrationevent", "registration_delegationevent")


class Migration(migrations.Migration):
    dependencies = [
        ("meeting", "0005_history_is_appended"),
        ("registration", "0009_review_desk"),
    ]

    operations = [
        migrations.RunSQL(TRIGGER.format(table=table), f"DROP TRIGGER append_only ON {table};") for table in TABLES
    ]
