"""The causes of codes, as authors lead them."""

import pytest
from django.urls import reverse

from tests.admin.forms import filled
from tests.factories import CauseFactory, CodeFactory
from wizard.authoring import drafts
from wizard.engine.checks import check
from wizard.models import Cause, Code


def list_of(name: str) -> str:
    return reverse(f"admin:wizard_{name}_changelist")


def test_an_author_leads_a_cause_to_an_outcome(client, author, guide):
    outcome = guide.outcomes.first()
    url = reverse("admin:wizard_cause_add")
    sent = {
        "guide": guide.pk,
        "cause": "expired",
        "to_outcome": outcome.pk,
        "steps": "Wait.\r\nThen send again.",
    }
    client.post(url, sent)
    (cause,) = drafts.document_of(guide)["causes"]
    assert cause == {"cause": "expired", "steps": ["Wait.", "Then send again."], "to": outcome.key}


def test_a_cause_leads_once_in_a_guide(client, author, guide):
    CauseFactory(guide=guide)
    url = reverse("admin:wizard_cause_add")
    response = client.post(url, {"guide": guide.pk, "cause": "expired", "steps": ""})
    assert "leads this cause somewhere already" in response.content.decode()
    assert Cause.objects.count() == 1


def test_the_list_says_where_each_leads_and_what_the_checks_find(client, author, guide):
    CauseFactory(guide=guide)
    CauseFactory(guide=guide, cause="unknown", to_outcome=guide.outcomes.first())
    page = client.get(list_of("cause")).content.decode()
    assert "The time for the SMS ran out" in page
    assert guide.outcomes.first().title in page
    faulty = client.get(list_of("cause"), {"checks": "error"}).content.decode()
    assert "The time for the SMS ran out" in faulty
    assert "The reason is not told" not in faulty.partition("results")[2]


def test_a_form_says_what_the_checks_find_there(client, author, guide):
    cause = CauseFactory(guide=guide)
    page = client.get(reverse("admin:wizard_cause_change", args=[cause.pk])).content
    assert "leads nowhere" in page.decode()
    sent = filled(page, to_outcome=str(guide.outcomes.first().pk))
    url = reverse("admin:wizard_cause_check", args=[cause.pk])
    assert "leads nowhere" not in client.post(url, sent).content.decode()


def test_a_cause_that_codes_have_and_the_guide_lacks_can_be_added_from_the_finding(
    client, author, guide
):
    CodeFactory(guide=guide, cause="portability")
    page = client.get(reverse("admin:wizard_guide_publish", args=[guide.pk])).content.decode()
    assert "/admin/wizard/cause/add/?guide=" in page
    assert "cause=portability" in page


@pytest.mark.parametrize("led", [True, False])
def test_a_code_that_leads_by_its_cause_leads_somewhere(client, author, guide, led):
    CauseFactory(guide=guide, to_outcome=guide.outcomes.first())
    code = CodeFactory(guide=guide, cause="expired" if led else "")
    page = client.get(list_of("code"), {"leads": "nowhere"}).content.decode()
    assert (f">{code.code}<" in page) is not led
    found = {one.name for one in check(drafts.snapshot_of(guide))}
    assert ("code-no-target" in found) is not led


def test_codes_are_filtered_by_cause_carrier_and_confidence(client, author, guide):
    here = CodeFactory(guide=guide, cause="expired", carrier="smpp", confidence="inferred")
    there = CodeFactory(guide=guide)
    for name, value in (
        ("cause__exact", "expired"),
        ("carrier__exact", "smpp"),
        ("confidence__exact", "inferred"),
    ):
        page = client.get(list_of("code"), {name: value}).content.decode()
        assert f">{here.code}<" in page
        assert f">{there.code}<" not in page


def test_what_an_outcome_says_of_its_ways_names_the_causes_that_lead_there(client, author, guide):
    outcome = guide.outcomes.first()
    CauseFactory(guide=guide, to_outcome=outcome)
    page = client.get(reverse("admin:wizard_outcome_change", args=[outcome.pk])).content.decode()
    assert "Causes of codes" in page
    assert "The time for the SMS ran out" in page


def test_deleting_an_outcome_leaves_the_cause_leading_nowhere(guide):
    outcome = guide.outcomes.first()
    cause = CauseFactory(guide=guide, to_outcome=outcome)
    Code.objects.update(to_outcome=None)
    outcome.delete()
    cause.refresh_from_db()
    assert cause.to_outcome is None
