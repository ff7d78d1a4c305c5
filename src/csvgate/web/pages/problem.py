"""A problem in; the page on which a person reads of it, out."""

from __future__ import annotations

from http import HTTPStatus

from csvgate.report.markup import element
from csvgate.web.pages.frame import document
from csvgate.web.pages.signin import form
from csvgate.web.problems import Problem


def problem_page(problem: Problem, request_id: str, target: str) -> str:
    """What went wrong, and by which id whoever runs the service finds it; who is not known may sign in."""
    if problem.status == HTTPStatus.UNAUTHORIZED:
        return document("Sign in", element("body", element("main", form(target), id="main"), class_="app alone"))
    told = element("p", problem.detail[:1].upper(), problem.detail[1:], ".")
    found = element("p", "Whoever runs the service finds more by the request id ", element("code", request_id), ".")
    home = element("p", element("a", "To the first page", href="/"))
    main = element("main", element("h1", problem.status.phrase), told, element("small", found), home, id="main")
    return document(problem.status.phrase, element("body", main, class_="app alone"))
