"""Processors outside the cloud account: whose model, store or search an address or a name leads to."""

from __future__ import annotations

import ipaddress
import re

from checkov_aiml.terraform_view.resources import Attribute
from checkov_aiml.terraform_view.state import Unresolved, Unset
from checkov_aiml.terraform_view.vocabulary import Judgement
from checkov_aiml.verdict import Verdict, failed, not_applicable, passed, unresolved

ADVICE = "use a service in your own account"

_HOSTS = {
    "anthropic.com": "Anthropic",
    "bing.microsoft.com": "Bing",
    "cohere.ai": "Cohere",
    "cohere.com": "Cohere",
    "deepseek.com": "DeepSeek",
    "generativelanguage.googleapis.com": "Google",
    "groq.com": "Groq",
    "huggingface.co": "Hugging Face",
    "mistral.ai": "Mistral AI",
    "mongodb.net": "MongoDB Atlas",
    "openai.com": "OpenAI",
    "openrouter.ai": "OpenRouter",
    "perplexity.ai": "Perplexity",
    "pinecone.io": "Pinecone",
    "redis-cloud.com": "Redis Cloud",
    "redislabs.com": "Redis Cloud",
    "serpapi.com": "SerpApi",
    "serper.dev": "Serper",
    "tavily.com": "Tavily",
    "together.xyz": "Together AI",
    "x.ai": "xAI",
}
"""The domains of well-known processors of prompts, embeddings and searches."""

_HOST = re.compile(r"^(?:[\w+.-]+://)?(?:[^/@]*@)?(?P<host>\[[^\]]+\]|[\w.-]+)")
_AWS_PROVIDERS = ("bedrock", "bedrock_converse", "sagemaker", "sagemaker_chat")
"""How LiteLLM names models that AWS runs: https://docs.litellm.ai/docs/providers"""


def third_party(name: str) -> Judgement:
    """A block that is there makes the named company process the data, whatever stands in it."""

    def judge(attribute: Attribute) -> Verdict:
        if isinstance(attribute.state, Unresolved) and not attribute.path.endswith(_IN_BLOCK):
            return unresolved("whether the block is there is not known")
        return failed(f"{name} processes the data, outside the account; {ADVICE}")

    return judge


_IN_BLOCK = ("connection_string", "endpoint", "model_id")
"""What stands in such blocks; an attribute at another place stands for a block of which nobody can tell."""


_ANYBODY = ("apikey", "customkeys", "generic", "remote")
"""How categories of Azure connections start that say how to sign in or to call, and not whose service it is."""


def no_outsider(names: dict[str, str]) -> Judgement:
    """The attribute must be none of some words, each of which stands for a company."""
    companies = {word.casefold(): company for word, company in names.items()}

    def judge(attribute: Attribute) -> Verdict:
        if isinstance(attribute.state, Unset):
            return not_applicable("not set")
        if not isinstance(attribute.known, str):
            return unresolved("which service it is, is not known")
        word = attribute.known.casefold()
        company = companies.get(word)
        if word.startswith(_ANYBODY):
            return not_applicable(f"{attribute.known} may be anybody's service")
        if company is None:
            return passed(f"{attribute.known} is no processor known to be outside")
        return failed(f"{company} processes the data, outside the account; {ADVICE}")

    return judge


def no_outside_address(attribute: Attribute) -> Verdict:
    """An address must not be that of a well-known processor; whose another address is, nobody can tell from it."""
    company = _company(attribute.known)
    if company is None:
        return not_applicable("the address is no well-known processor's")
    return failed(f"{company} processes the data, outside the account; {ADVICE}")


def no_crowd(attribute: Attribute) -> Verdict:
    """A work team must be private, not Amazon's public crowd or a vendor's.

    https://docs.aws.amazon.com/sagemaker/latest/dg/sms-workforce-management.html
    """
    if not isinstance(attribute.known, str):
        return passed("a work team of the files") if attribute.targets else unresolved("the team is not known")
    crowd = re.search(r":workteam/(public|vendor)-crowd/", attribute.known)
    if crowd is None:
        return passed("a private work team")
    who = "anyone on Amazon Mechanical Turk" if crowd[1] == "public" else "a vendor's staff"
    return failed(f"{who} sees the data; use a private work team")


def litellm(model: Attribute, base: Attribute) -> Verdict:
    """A model through LiteLLM must be one that AWS runs, or stand behind a private address."""
    host = _host(base.known)
    if host is not None and _is_private(host):
        return passed(f"{host} is a private address")
    if not isinstance(model.known, str):
        return unresolved("which model it is, is not known")
    provider = model.known.partition("/")[0]
    if provider in _AWS_PROVIDERS and host is None:
        return passed(f"{provider} runs the model")
    return failed(f"{_company(base.known) or provider} processes the data, outside the account; {ADVICE}")


def _company(address: object) -> str | None:
    labels = (_host(address) or "").lower().rstrip(".").split(".")
    return next(filter(None, (_HOSTS.get(".".join(labels[start:])) for start in range(len(labels)))), None)


def _host(address: object) -> str | None:
    match = _HOST.match(address) if isinstance(address, str) else None
    return match["host"].strip("[]") if match else None


def _is_private(host: str) -> bool:
    """Whether a host is of AWS, of a private name space, or a private IP address."""
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return (
            host.lower().endswith((".amazonaws.com", ".on.aws", ".internal", ".local", ".localhost")) or "." not in host
        )
