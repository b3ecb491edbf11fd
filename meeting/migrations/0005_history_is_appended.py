from django.db import migrations

# Whoever writes history may only append. `placard.forgetting` is set by meeting.appended.forgetting for one transaction,
# where the law or a promise says that something must go.
FUNCTION = """
CREATE FUNCTION placard_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF current_setting('placard.forgetting', true) = 'on' THEN
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END IF;
    RAISE EXCEPTION 'history is appended: % of a line in % is refused', lower(TG_OP), TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
"""
TRIGGER = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {table}
FOR EACH ROW EXECUTE FUNCTION placard_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("meeting", "0004_decisions_take_time")]

    operations = [
        migrations.RunSQL(FUNCTION, "DROP FUNCTION placard_append_only();"),
        migrations.RunSQL(
            TRIGGER.format(table="meeting_auditentry"), "DROP TRIGGER append_only ON meeting_auditentry;"
        ),
    ]
