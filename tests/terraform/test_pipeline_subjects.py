"""No token of a stranger fits a subject that IAM_11 lets pass, whatever wildcards the subject has."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkov_aiml.judgements.pipeline_trust import judge_claims
from checkov_aiml.terraform_view.policy import Condition, Member
from checkov_aiml.verdict import Outcome, all_of

HOST = {"GitHub": "token.actions.githubusercontent.com", "GitLab": "gitlab.com"}

# Tokens that anyone, or anyone who may open a pull request or push a branch, can get.
STRANGERS = {
    "GitHub": (
        "repo:mallory/models:ref:refs/heads/main",
        "repo:mallory/models:environment:production",
        "repo:example/else:environment:production",
        "repo:example/models-copy:ref:refs/tags/v1",
        "repo:example/models:pull_request",
        "repo:mallory/x:environment:repo:example/models:environment:production",
    ),
    "GitLab": (
        "project_path:mallory/models:ref_type:branch:ref:main",
        "project_path:example/else:ref_type:tag:ref:v1",
        "project_path:example/models:ref_type:branch:ref:zz",
    ),
}

PIECES = {
    "GitHub": ["repo:", "example/", "models", ":", "*", "?", "ref:refs/", "heads/", "tags/v", "main", "environment:",
               "production", "pull_request", "job_workflow_ref:"],
    "GitLab": ["project_path:", "example/", "models", ":", "*", "?", "ref_type:", "branch", "tag", "ref:", "main", "v"],
}  # fmt: skip


USUAL = {
    "GitHub": (
        "repo:example/models:environment:production",
        "repo:example/models:ref:refs/heads/main",
        "repo:example/models:ref:refs/tags/v1",
    ),
    "GitLab": ("project_path:example/models:ref_type:branch:ref:main",),
}


@st.composite
def subjects(draw: st.DrawFn, platform: str) -> str:
    """Pieces in any order, or a usual subject with wildcards in place of parts of it."""
    if draw(st.booleans()):
        return "".join(draw(st.lists(st.sampled_from(PIECES[platform]), min_size=1, max_size=9)))
    text = draw(st.sampled_from(USUAL[platform]))
    for _ in range(draw(st.integers(0, 3))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, len(text)))
        text = text[:start] + draw(st.sampled_from(["*", "?", "**"])) + text[end:]
    return text


def _verdict(platform: str, operator: str, subject: str) -> Outcome:
    conditions = [
        Condition("StringEquals", f"{HOST[platform]}:aud", (Member("sts.amazonaws.com"),)),
        Condition(operator, f"{HOST[platform]}:sub", (Member(subject),)),
    ]
    return all_of(judge_claims(platform, conditions)).outcome


@pytest.mark.parametrize("platform", list(PIECES))
@given(data=st.data())
@settings(max_examples=400, deadline=None)
def test_no_stranger_gets_in(platform: str, data: st.DataObject) -> None:
    subject = data.draw(subjects(platform))
    if _verdict(platform, "StringLike", subject) is Outcome.PASSED:
        # A branch that is named in part takes each that fits: that is what the organisation said.
        assert not [token for token in STRANGERS[platform] if fnmatchcase(token, subject)], subject


@pytest.mark.parametrize("platform", list(PIECES))
@given(data=st.data())
@settings(max_examples=200, deadline=None)
def test_operators_without_wildcards_and_traps(platform: str, data: st.DataObject) -> None:
    subject = data.draw(subjects(platform))
    if _verdict(platform, "StringEquals", subject) is Outcome.PASSED:
        assert subject not in STRANGERS[platform]
    assert _verdict(platform, "ForAllValues:StringLike", subject) is Outcome.FAILED
    assert _verdict(platform, "StringEqualsIfExists", subject) is Outcome.FAILED
    assert _verdict(platform, "StringNotLike", subject) is Outcome.FAILED


@pytest.mark.parametrize(
    ("platform", "subject"),
    [
        *(("GitHub", subject) for subject in USUAL["GitHub"]),
        ("GitHub", "repo:example/models:ref:refs/heads/release/*"),
        ("GitLab", "project_path:example/ml/models:ref_type:tag:ref:v*"),
    ],
)
def test_the_usual_forms_pass(platform: str, subject: str) -> None:
    assert _verdict(platform, "StringLike", subject) is Outcome.PASSED
