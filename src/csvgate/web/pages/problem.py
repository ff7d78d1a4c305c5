"""A problem in; the page on which a person reads of it, out."""

from __future__ import annotations

from csvgate.report.markup import element
from csvgate.web.problems import Problem


def problem_page(problem: Problem, request_id: str) -> str:
    """What went wrong, and by which id whoever runs the service finds it."""
    body = element("main", element("h1", problem.status.phrase), element("p", problem.detail), element("p", request_id))
    return f"<!doctype html>\n{element('html', body, lang='en')}\n"
