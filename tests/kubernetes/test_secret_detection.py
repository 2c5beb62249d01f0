"""What SEC_6 takes for a secret, and what it does not: ML configuration is full of tokens that are none."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from checkov_aiml.judgements import secret_detection
from checkov_aiml.judgements.secret_detection import secret_in_value

# Put together here, so that no scanner of this repository takes the parts for a secret.
KEY_ID = "AKIA" + "Q3EGZ7JX2VBN5TLD"
SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/" + "bPxRfiCYzzzzzzKEYS"
PEM = (
    "-----BEGIN RSA PRIVATE "
    + "KEY-----\n    MIIEowIBAAKCAQEAx0Yb2uQ\n    3bXnVtq\n    -----END RSA PRIVATE KEY-----\n"
)

SECRETS = [
    ("DB_PASSWORD", "hunter2"),
    ("POSTGRES_PASSWORD", "postgres"),
    ("HF_TOKEN", "hf_" + "aBcD1234" * 4),
    ("OPENAI_API_KEY", "sk-proj-" + "abcDEF123"),
    ("WANDB_API_KEY", "0123abcd4567ef890123abcd4567ef8901234567"),
    ("AWS_SECRET_ACCESS_KEY", SECRET_KEY),
    ("anything", KEY_ID),
    ("DATABASE_URL", "postgres://ml:S3cr3tpw@db:5432/features"),
    ("connection", "DefaultEndpointsProtocol=https;AccountName=a;AccountKey=" + "aB1+" * 21 + "aA=="),
    ("server.key", PEM),
    ("config.yaml", "a: b\npassword: Tr0ub4dor3\n"),
    ("run.sh", "#!/bin/sh\nexport API_KEY=abc123def456ghi\n"),
    ("setup.sh", f"aws configure set aws_secret_access_key {SECRET_KEY}\n"),
    ("app.py", "token = 'abcDEF123456ghi'\n"),
]
HARMLESS = [
    ("MAX_TOKENS", "4096"),
    ("TOKENIZERS_PARALLELISM", "false"),
    ("TOKENIZER_NAME", "bert-base-uncased"),
    ("tokenizer", "meta-llama/Llama-3-8B"),
    ("PAD_TOKEN", "<pad>"),
    ("PASSWORD_FILE", "/mnt/secrets/password"),
    ("DB_PASSWORD", "$(DB_PASSWORD)"),
    ("DB_PASSWORD", "${DB_PASSWORD}"),
    ("DB_PASSWORD", "CHANGE_ME"),
    ("TOKEN", "<your-token>"),
    ("SECRET_NAME", "training-db"),
    ("IMAGE_PULL_SECRET", "regcred"),
    ("existingSecret", "ray-tls-secret"),
    ("TOKEN_URL", "https://login.example.org/token"),
    ("KMS_KEY_ID", "1234abcd-12ab-34cd-56ef-1234567890ab"),
    ("IMAGE", "repository@sha256:" + "ab12" * 16),
    ("SECRET_ARN", "arn:aws:secretsmanager:eu-west-2:111122223333:secret:x-AbCdEf"),
    ("PROXY", "https://user:${PASSWORD}@proxy.example.internal"),
    ("LOG_PASSWORDS", "false"),
    ("AZURE_FEDERATED_TOKEN_FILE", "/var/run/secrets/azure/tokens/azure-identity-token"),
    ("prompt", "You are a helper. The secret: be kind to users."),
    ("config.yaml", "model: bert\ntokenizer: bert-base-uncased\nmax_tokens: 512\neos_token: </s>\nsecretName: x\n"),
    ("train.py", "token = os.environ['HF_TOKEN']\npassword = get_password()\ntokens = tokenizer(text)\n"),
    ("run.sh", 'TOKEN=$(aws ecr get-login-password)\nexport PASSWORD=${PW}\nSECRET="$1"\n'),
    ("tokenizer_config.json", '{"bos_token": "<s>", "pad_token": "[PAD]", "tokenizer_class": "LlamaTokenizer"}'),
    ("ca.crt", "-----BEGIN CERTIFICATE-----\nAPABCdefghijklmno1234567\n-----END CERTIFICATE-----\n"),
    ("empty", ""),
]


@pytest.mark.parametrize(("name", "value"), SECRETS)
def test_secrets_are_found(name: str, value: str) -> None:
    assert secret_in_value(name, value)


@pytest.mark.parametrize(("name", "value"), HARMLESS)
def test_what_only_looks_like_one_is_not(name: str, value: str) -> None:
    assert secret_in_value(name, value) is None


PATTERNS = [pattern for detector in secret_detection._detectors()[0] for pattern in detector.denylist]


@pytest.mark.parametrize("pattern", PATTERNS, ids=lambda pattern: pattern.pattern[:30])
def test_the_quick_look_passes_over_no_format(pattern) -> None:
    @given(st.from_regex(pattern))
    @settings(max_examples=30, deadline=None)
    def is_looked_into(text: str) -> None:
        assert secret_detection._may_hold_a_format(text)

    is_looked_into()
