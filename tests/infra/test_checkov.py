"""A rule of checkov that is not kept has its reason beside it; `make checkov` asks for all others."""

from __future__ import annotations

import re

from docs.render import ROOT

RULE = re.compile(r"\bCKV2?_\w+")
# As templates, modules and images say it, and manifests.
REASON = re.compile(r"(?:, comment: \"|:|=)\s*(?P<reason>\w[^\"\n]{15,})")


def test_every_rule_that_is_left_out_has_its_reason() -> None:
    files = [file for file in (ROOT / "infra").rglob("*") if file.suffix in {".yaml", ".tf"}] + [ROOT / "Dockerfile"]
    lines = [line for file in files if file.is_file() for line in file.read_text(encoding="utf-8").splitlines()]
    left_out = [(line, rule) for line in lines for rule in RULE.finditer(line)]
    assert left_out
    assert [line for line, rule in left_out if not REASON.match(line, rule.end())] == []
