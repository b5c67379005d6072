"""Fields that several models share, and a field by its name."""

import pytest
from django.core.exceptions import FieldDoesNotExist

from wizard.models import Guide, Question
from wizard.models.fields import field_of


def test_a_field_is_found_at_a_model_and_at_a_row():
    assert field_of(Question, "text") is field_of(Question(), "text")
    assert field_of(Question, "text").verbose_name == Question._meta.get_field("text").verbose_name


@pytest.mark.parametrize("name", ["nothing", "questions"])
def test_what_is_not_in_the_table_of_the_model_is_no_field_of_it(name):
    with pytest.raises(FieldDoesNotExist):
        field_of(Guide, name)
