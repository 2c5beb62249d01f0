"""Measures what our checks add to a whole scan of Kubernetes manifests: time, processor time, memory.

    python benchmarks/manifests.py --size 5000 --pairs 3

Manifests of many teams are generated: workloads, services, config maps, RBAC, volumes, and one in nine of an AI/ML kind
or a SecretProviderClass. They are scanned as `whole_scan.py` does it, and judged by the same budget.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml
from whole_scan import CHECKS, RATIO_BUDGET, MeaninglessError, compare, conditions, note, positive, table

RBAC = "rbac.authorization.k8s.io"
OBJECTS_A_FILE = 9


def generate(folder: Path, size: int, seed: int) -> None:
    """Write `size` manifests into `folder`, a few documents a file, a folder a team; the same seed gives the same."""
    chance = random.Random(seed)
    made = 0
    for team in range(size):
        objects = list(_team(f"team-{team}", chance))[: size - made]
        path = folder / f"team-{team}"
        path.mkdir(parents=True)
        for start in range(0, len(objects), OBJECTS_A_FILE):
            part = objects[start : start + OBJECTS_A_FILE]
            text = yaml.safe_dump_all(part, sort_keys=False)
            (path / f"objects-{start}.yaml").write_text(text, encoding="utf-8")
        made += len(objects)
        if made >= size:
            return


def _team(namespace: str, chance: random.Random) -> Iterator[dict[str, Any]]:
    def make(kind: str, name: str, version: str = "v1", **fields: Any) -> dict[str, Any]:
        metadata = {"name": name, "namespace": namespace, "labels": {"app": name}}
        return {"apiVersion": version, "kind": kind, "metadata": metadata, **fields}

    yield make("ServiceAccount", "app")
    yield make("Role", "app", f"{RBAC}/v1", rules=_rules(chance))
    subjects = [{"kind": "ServiceAccount", "name": "app", "namespace": namespace}]
    role = {"apiGroup": RBAC, "kind": "Role", "name": "app"}
    yield make("RoleBinding", "app", f"{RBAC}/v1", roleRef=role, subjects=subjects)
    for number in range(12):
        name = f"{namespace}-app-{number}"
        pod = _pod(name, chance)
        yield make("Deployment", name, "apps/v1", spec={"replicas": 2, "template": {"spec": pod}})
        yield make("Service", name, spec={"selector": {"app": name}, "ports": [{"port": 80}]})
        data = {f"SETTING_{i}": f"value of setting {i}" for i in range(8)}
        data["settings.yaml"] = "".join(f"key_{i}: value {i}\n" for i in range(40))
        yield make("ConfigMap", name, data=data)
    parameters = {"region": "eu-west-2", "objects": "- {objectName: db, objectType: secretsmanager}\n"}
    spec = {"provider": "aws", "parameters": parameters}
    yield make("SecretProviderClass", "secrets", "secrets-store.csi.x-k8s.io/v1", spec=spec)
    template = {"template": {"spec": _pod("trainer", chance)}}
    replicas = {"pytorchReplicaSpecs": {"Master": template, "Worker": template}}
    yield make("PyTorchJob", f"{namespace}-train", "kubeflow.org/v1", spec=replicas)
    predictor = {"predictor": {"model": {"modelFormat": {"name": "sklearn"}}, "serviceAccountName": "app"}}
    yield make("InferenceService", f"{namespace}-serve", "serving.kserve.io/v1beta1", spec=predictor)
    yield make("Notebook", f"{namespace}-explore", "kubeflow.org/v1", spec={"template": {"spec": _pod("nb", chance)}})
    yield make("PersistentVolumeClaim", f"{namespace}-data", spec={"accessModes": ["ReadWriteOnce"]})


def _rules(chance: random.Random) -> list[dict[str, Any]]:
    verbs = chance.choice((["get", "list"], ["*"], ["get", "create", "update"]))
    resources = chance.choice((["configmaps"], ["secrets"], ["pods", "pods/log"]))
    named = {"resourceNames": ["app"]} if chance.random() < 0.3 else {}
    return [{"apiGroups": [""], "resources": resources, "verbs": verbs, **named}] * 3


def _pod(name: str, chance: random.Random) -> dict[str, Any]:
    variables: list[dict[str, Any]] = [{"name": f"OPTION_{i}", "value": f"value {i}"} for i in range(10)]
    if chance.random() < 0.2:
        variables.append({"name": "TOKEN", "valueFrom": {"secretKeyRef": {"name": "token", "key": "token"}}})
    container = {"name": name, "image": f"registry.example.org/{name}:1.{chance.randrange(9)}", "env": variables}
    volumes: list[dict[str, Any]] = [{"name": "scratch", "emptyDir": {}}]
    if chance.random() < 0.3:
        csi = {
            "driver": "secrets-store.csi.k8s.io",
            "readOnly": True,
            "volumeAttributes": {"secretProviderClass": "secrets"},
        }
        volumes.append({"name": "secrets", "csi": csi})
    return {"serviceAccountName": "app", "containers": [container], "volumes": volumes}


def main() -> int:
    parser = argparse.ArgumentParser(
        description="Stock Checkov against Checkov with our checks, on generated manifests."
    )
    parser.add_argument("--size", type=positive, default=5000, help="manifests (default 5000)")
    parser.add_argument("--pairs", type=positive, default=3, help="measured pairs of scans (default 3)")
    parser.add_argument("--seed", type=int, default=1, help="seed of the manifests (default 1)")
    parser.add_argument("--together", action="store_true", help="run both scans of a pair at the same time")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        try:
            measured = compare(
                Path(folder).resolve(),
                CHECKS,
                arguments.size,
                arguments.pairs,
                arguments.seed,
                generate,
                "kubernetes",
                arguments.together,
            )
        except MeaninglessError as error:
            note(f"manifests: nothing measured: {error}")
            return 2
    print(conditions(arguments))
    print(table([measured]))
    ratio = measured.ratio("wall")
    within = ratio <= RATIO_BUDGET
    print(f"\n- {'within' if within else 'OVER'}: ratio at {arguments.size}: {ratio:.3f}, budget {RATIO_BUDGET:.2f}")
    return 0 if within else 1


if __name__ == "__main__":
    sys.exit(main())
