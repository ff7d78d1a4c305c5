"""A problem in; the page on which a person reads of it, out."""

from __future__ import annotations

from http import HTTPStatus

from csvgate.report.markup import element
from csvgate.web.pages.frame import alone
from csvgate.web.pages.signin import form
from csvgate.web.problems import Problem


def problem_page(problem: Problem, request_id: str, target: str) -> str:
    """What went wrong, and by which id whoever runs the service finds it; who is not known may sign in."""
    if problem.status == HTTPStatus.UNAUTHORIZED and not target.startswith("/shared/"):
        return alone("Sign in", form(target))
    told = element("p", problem.detail[:1].upper(), problem.detail[1:], ".", class_="lead")
    found = element("p", "Whoever runs the service finds more by the request id ", element("code", request_id), ".")
    home = element("p", element("a", "To the first page", href="/", class_="button"))
    return alone(problem.status.phrase, element("h1", problem.status.phrase), told, element("small", found), home)
