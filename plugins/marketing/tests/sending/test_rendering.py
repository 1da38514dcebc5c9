"""Templates: nothing leaves half done, nothing gets out of the sandbox, and mistakes are named."""

import pytest
from crmcore_marketing.sending.rendering import Renderer, Texts

from crmcore.api import InvalidInput

WANG = {
    "contact": {"name": "Wang <b>", "given": "", "custom": {"size": 40}},
    "customer": {"name": ""},
    "unsubscribe_url": "mailto:x",
}


def fill(text, html="", subject="s", given=WANG):
    return Renderer().fill(Texts(subject=subject, text=text, html=html), given)


def test_fills_in_and_names_all_that_is_missing():
    filled = fill("{{ contact.name }}, {{ contact.custom.size }}, {{ contact.given|upper }} {{ customer.name }}")
    assert filled.text == "Wang <b>, 40,  "
    assert filled.missing == ("contact.given", "customer.name")
    assert fill("{{ event.name }} {{ unsubscribe_url }}").missing == ("event.name",)
    held = fill('{{ contact.given or "Sir" }}{% if customer.name %} of {{ customer.name }}{% endif %}')
    assert (held.text, held.missing) == ("Sir", ())
    assert fill("{{ contact.given|default('you') }}").missing == ()


def test_html_is_escaped_and_text_is_not():
    filled = fill("{{ contact.name }}", html="<p>{{ contact.name }}</p>", subject="To\n {{ contact.name }}")
    assert (filled.text, filled.html, filled.subject) == ("Wang <b>", "<p>Wang &lt;b&gt;</p>", "To Wang <b>")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{{ contact.name", "text of the template cannot be read in line 1"),
        ("a\n{{ contact.gven }}", "text: line 2: contact has no “gven”; it has custom, email, family"),
        ("{{ contct.name }}", "text: “contct” is no name that templates know"),
    ],
)
def test_mistakes_are_named_when_it_is_checked(text, said):
    with pytest.raises(InvalidInput, match=said.replace(".", r"\.")):
        Renderer().check(Texts(subject="s", text=text))


@pytest.mark.parametrize(
    "text",
    [
        "{{ contact.name.__class__.__mro__ }}",
        "{{ ''.join.__globals__ }}",
        "{% for n in range(10000000) %}x{% endfor %}",
        "{{ contact.custom.update({'a': 1}) }}",
        "{{ 1 // 0 }}",
        "{{ contact.name + 1 }}",
    ],
)
def test_nothing_gets_out_of_the_sandbox(text):
    try:
        filled = fill(text)
    except InvalidInput as error:
        assert "text of the template fails" in str(error)  # noqa: PT017 # either it fails, or something is missing
    else:
        assert filled.missing
