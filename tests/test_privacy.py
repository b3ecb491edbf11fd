"""Every field of every model is either explained or declared to say nothing about a person."""

import pytest
from django.apps import apps
from modeltranslation.fields import TranslationField

import meeting.privacy
import programme.privacy
import registration.privacy

REGISTERS = (meeting.privacy, registration.privacy, programme.privacy)
MODELS = [m for label in ("meeting", "registration", "programme") for m in apps.get_app_config(label).get_models()]


def declared(label: str) -> set[str]:
    names: set[str] = set()
    for register in REGISTERS:
        names |= register.NOT_PERSONAL.get(label, set())
        names |= {key.rsplit(".", 1)[1] for key in register.PERSONAL if key.rsplit(".", 1)[0] == label}
    return names


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m._meta.label)
def test_every_field_states_purpose_readers_and_lifetime_or_that_it_is_not_personal(model):
    fields = {f.name for f in model._meta.concrete_fields if not isinstance(f, TranslationField)}
    assert declared(model._meta.label) == fields


def test_every_personal_field_says_something():
    entries = [entry for register in REGISTERS for entry in register.PERSONAL.values()]
    assert entries
    assert all(e.purpose and e.readers and e.keep and e.data_class in (0, 1, 2, 3) for e in entries)
