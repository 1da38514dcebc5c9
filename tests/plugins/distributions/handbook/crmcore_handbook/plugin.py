"""Offers articles by the words that they share with a question, as a plugin of knowledge would."""

from crmcore_service.answers.spec import Article

from crmcore.api import Plugin, impl

PLUGIN = Plugin(name="handbook", title="Articles of a handbook", requires=("service",))

ARTICLES = (
    (1, "Clearing a paper jam", True),
    (2, "Paper jam for engineers", False),
    (3, "Cleaning the paper path", True),
)


@impl
def service_answers(questions, limit):
    for one in questions:
        said = set(one.text.lower().split())
        known = [(len(said & set(title.lower().split())) / 4, key, title, public) for key, title, public in ARTICLES]
        best = sorted((each for each in known if each[0] > 0 and (each[3] or not one.public)), reverse=True)
        for likeness, key, title, public in best[:limit]:
            yield Article(
                question=one.key, entity="handbook_article", id=key, title=title, likeness=likeness, public=public,
                text=one.text, url=f"https://handbook.example/{key}" if public else "",
            )  # fmt: skip
