"""What SEC_6 takes for a secret, and what it does not: ML configuration is full of tokens that are none."""

from __future__ import annotations

import base64
import json

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
MADE_UP = "n0tArealOne"
HUGGING_FACE = "hf_" + "aBcDeFgHiJkLmNoPq" * 2
SIGNATURE = "n0tArealOne" * 4

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
    ("DB_PASSWORD", "Rasputin9!"),
    ("DB_PASSWORD", "resetThis99Xq"),
    ("DB_PASSWORD_SECRET", MADE_UP),
    ("DB_PASSWORD_PROD", "correcthorse"),
]
BESIDE_OTHER_NAMES = [
    ("litellm.json", '{"max_tokens": 4096, "api_key": "abcDEF123456ghi"}'),
    ("airflow.json", '{"username":"airflow1","password":"airflow1"}'),
    ("db.json", f'{{"db":{{"host":"db.example.com","password":"{MADE_UP}"}}}}'),
    ("commas.json", '{"user": "ml", "password": "n0t,A;{real}One"}'),
    ("quoted.json", json.dumps(json.dumps({"host": "db", "password": MADE_UP}))),
    ("long.json", json.dumps({"template": "x" * 2100, "api_key": "abcDEF123456ghi"})),
    ("train.sh", f"TOKENIZER=bert DB_PASSWORD={MADE_UP} python train.py"),
    ("docker.sh", f"docker run -e MAX_TOKENS=5 -e DB_PASSWORD={MADE_UP} server"),
    ("config.yaml", f"password: {MADE_UP}  # TODO change this before go-live"),
    ("connection", f"Server=db;User=ml;Password={MADE_UP};"),
    ("flow.yaml", f"{{user: ml, password: {MADE_UP}}}"),
]
FORMATS = [
    ("hub", HUGGING_FACE, "Hugging Face Token"),
    ("login.sh", f"huggingface-cli login --token {HUGGING_FACE}", "Hugging Face Token"),
    ("clone", "https://git.example.net/?x=github_pat_" + "n0tArealOne" * 7, "GitHub Token"),
    ("data", f"https://a.blob.core.windows.net/c?sv=2022-11-02&sig={SIGNATURE}%3D", "Azure Shared Access Signature"),
    ("hub", f"Endpoint=sb://a.servicebus.windows.net/;SharedAccessKey={SIGNATURE}=", "Azure Shared Access Key"),
    ("broker", f"redis://:{MADE_UP}@redis:6379/0", "Basic Auth Credentials"),
    ("index", f"https://ml:{MADE_UP}@pypi.corp.internal/simple # as at example.com", "Basic Auth Credentials"),
    ("kubeconfig", f"client-key-data: {base64.b64encode(PEM.encode()).decode()}", "Private Key"),
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
    ("DB_PASSWORD", "CHANGEME123"),
    ("DB_PASSWORD", "please-change-me"),
    ("DB_PASSWORD", "set-me"),
    ("DB_PASSWORD", "prefix-${SUFFIX}"),
    ("DB_PASSWORD_SECRET", "training-db"),
    ("PASSWORD_AUTHENTICATION", "disabled"),
    ("PASSWORD_ENCRYPTION", "scram-sha-256"),
    ("AIRFLOW__SECRETS__BACKEND", "airflow.providers.amazon.aws.secrets.secrets_manager.SecretsManagerBackend"),
    ("FEATURE_KEY", "patient_admission_rate_7d"),
    ("FEAST_KEY", "driver_id_hourly_stats_v2"),
    ("JOIN_KEY", "nhs_number_pseudonym_v2"),
    ("OPENAI_API_KEY", "sk-no-key-required"),
    ("API_KEY_HEADER", "X-Api-Key"),
    ("DATABASE_URL", "postgresql://user:%s@db"),
    ("DATABASE_URL", "redis://:$(REDIS_PASSWORD)@redis:6379/0"),
    ("DATABASE_URL", f"postgresql://ml:{MADE_UP}@db.example.org:5432/features"),
    ("config.json", '{"password": "${DB_PASSWORD}", "user": "ml", "token": "{{ .Values.token }}"}'),
    ("config.yaml", "user: ml, password: none, max_tokens: 4096"),
    ("config.yaml", "password: ${DB_PASSWORD}  # from the vault, never write it here"),
    ("server.py", "def connect(host: str, password: str = None, user: str = None): ..."),
    ("hub", "hf_hub_download"),
    ("model", "hf_" + "a" * 40),
    ("data", "https://a.blob.core.windows.net/c?sv=2022-11-02&sig=${SIGNATURE}"),
    ("ca", base64.b64encode(b"-----BEGIN CERTIFICATE-----\nAPABCdefghijklmno1234567\n").decode()),
]


@pytest.mark.parametrize(("name", "value"), SECRETS + BESIDE_OTHER_NAMES)
def test_secrets_are_found(name: str, value: str) -> None:
    assert secret_in_value(name, value)


@pytest.mark.parametrize(("name", "value", "kind"), FORMATS)
def test_formats_are_told(name: str, value: str, kind: str) -> None:
    assert secret_in_value(name, value) == kind


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
