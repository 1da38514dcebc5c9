"""The web: pages of plugins behind one server, and links that we sign. Public: plugins may import all that is in here.

A plugin declares pages by `crm_pages`, and imports what answers them only there, so that it loads without it::

    @impl
    def crm_pages() -> Iterable[Page]:
        from crmcore_example.answering import ask

        yield Page(rule="/ask/<key>", answer=ask)

    def ask(visit: Visit) -> Response:
        with visit.transaction("asking") as tx:
            ...
        return visit.page(_("Thank you"), Markup("<p>{}</p>").format(_("We have got it.")))

`links` (`public`, `signed`, `opened`) costs nothing to import; `visit` and `serving` are Werkzeug's and Waitress' work:
a plugin with pages requires `crmcore[web]`.
"""
