"""Whatever a manifest holds, no control raises, and nothing that it prints holds a secret's value."""

from __future__ import annotations

from typing import Any

from checkov.common.models.enums import CheckResult
from hypothesis import given, settings
from hypothesis import strategies as st

from checkov_aiml.kubernetes_view import objects
from checkov_aiml.kubernetes_view.binding import BINDING_KINDS
from checkov_aiml.kubernetes_view.pods import POD_KINDS, SHAPES

KINDS = sorted({*POD_KINDS, *BINDING_KINDS, "Role", "ClusterRole", "ServiceAccount", "SecretProviderClass"})
KINDS += ["ConfigMap", "Secret", "Namespace", "PersistentVolumeClaim", "PersistentVolume", "List"]
GROUPS = sorted({group for shapes in SHAPES.values() for shape in shapes for group in shape.groups})
VERSIONS = ["v1", "apps/v1", "batch/v1", "rbac.authorization.k8s.io/v1", "secrets-store.csi.x-k8s.io/v1", ""]
VERSIONS += [f"{group}/v1" for group in GROUPS]
FIELDS = sorted(
    {step.removesuffix("[]") for paths in POD_KINDS.values() for path in paths for step in path.split(".")} - {"*"}
)
FIELDS += [
    "metadata",
    "name",
    "namespace",
    "labels",
    "annotations",
    "items",
    "data",
    "stringData",
    "binaryData",
    "sops",
]
FIELDS += ["containers", "initContainers", "env", "envFrom", "value", "valueFrom", "secretKeyRef", "secretRef", "args"]
FIELDS += ["volumes", "csi", "driver", "readOnly", "volumeAttributes", "secretProviderClass", "nodePublishSecretRef"]
FIELDS += ["serviceAccountName", "automountServiceAccountToken", "persistentVolumeClaim", "claimName", "volumeName"]
FIELDS += ["provider", "parameters", "objects", "secrets", "region", "usePodIdentity", "keyvaultName", "secretObjects"]
FIELDS += [
    "roleRef",
    "subjects",
    "kind",
    "rules",
    "apiGroups",
    "resources",
    "verbs",
    "resourceNames",
    "aggregationRule",
]
FIELDS += [
    "clusterRoleSelectors",
    "matchLabels",
    "templates",
    "container",
    "script",
    "containerSet",
    "sidecars",
    "model",
]
FIELDS += ["environment", "image", "envVars", "envSecretKeyRefs", "__startline__", "__endline__"]
TEXTS = [
    "*",
    "",
    "default",
    "aws",
    "azure",
    "gcp",
    "vault",
    "true",
    "secrets-store.csi.k8s.io",
    "research",
    "production",
]
TEXTS += [
    "ServiceAccount",
    "ClusterRole",
    "cluster-admin",
    "- objectName: [",
    "array:\n  - |\n    a: b",
    "- a\n- {b: c}",
]
TEXTS += ["&a [*a]", "arn:aws:secretsmanager:us-east-1:111122223333:secret:x", "ENC[x]", "password: x", "\x00"]
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.dates() | st.sampled_from(TEXTS) | st.text(max_size=6)
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(FIELDS) | st.integers(), inner, max_size=4)
    ),
    max_leaves=25,
)


def _nested(path: str, inner: Any) -> Any:
    for step in reversed(path.split(".")):
        name = step.removesuffix("[]")
        inner = {"k" if name == "*" else name: [inner] if step.endswith("[]") else inner}
    return inner


@st.composite
def manifests(draw: st.DrawFn) -> dict[str, Any]:
    """An object of a kind that a control judges, with anything where its fields belong."""
    kind = draw(st.sampled_from(KINDS))
    metadata = draw(st.dictionaries(st.sampled_from(["name", "namespace", "labels", "annotations"]), VALUES) | VALUES)
    body = draw(st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=5))
    if kind in POD_KINDS and draw(st.booleans()):
        spec = draw(st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=6))
        body = _nested(draw(st.sampled_from(POD_KINDS[kind])), spec)
    return {**body, "apiVersion": draw(st.sampled_from(VERSIONS) | VALUES), "kind": kind, "metadata": metadata}


@settings(max_examples=250, deadline=None)
@given(st.lists(manifests(), min_size=1, max_size=4))
def test_no_control_raises(loaded_controls: dict[str, Any], confs: list[dict[str, Any]]) -> None:
    objects.note({"folder/file.yaml": confs})
    for conf in confs:
        for control in loaded_controls.values():
            if control.family() in ("RBAC", "SEC") and conf["kind"] in control.kinds:
                result = control.run("folder/file.yaml", conf, conf["kind"], conf["kind"], {})
                assert isinstance(result["result"], CheckResult)
                assert not any("could not be judged" in detail for detail in control.details), control.details


SECRET = "zQ7xW9kL2mN4pR8s"


@settings(max_examples=60, deadline=None)
@given(
    name=st.sampled_from(["DB_PASSWORD", "API_KEY", "HF_TOKEN", "settings.yaml", "run.sh", "DATABASE_URL"]),
    form=st.sampled_from(["{}", "password: {}\n", "#!/bin/sh\nexport API_KEY={}\n", "postgres://ml:{}@db/x"]),
)
def test_no_message_holds_the_secret(loaded_controls: dict[str, Any], name: str, form: str) -> None:
    conf = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "c"}, "data": {name: form.format(SECRET)}}
    control = loaded_controls["CKV_AIML_SEC_6"]
    result = control.run("file.yaml", conf, "ConfigMap", "ConfigMap", {})
    assert SECRET not in repr(result) + repr(control.details)
    if form != "{}":
        assert result["result"] is CheckResult.FAILED
