"""The pods that an object makes: pod templates of Kubernetes' own workload kinds and of the operators that run AI/ML.

Sources: the Kubernetes API reference, and the API types of KServe (`pkg/apis/serving`), Kubeflow's training operator,
trainer and notebook controller, KubeRay (`ray-operator/apis/ray/v1`), Argo Workflows and Rollouts, the Spark operator,
Knative Serving, JobSet and LeaderWorkerSet. The accounts that operators give pods which name none are those of KubeRay
(`GetHeadGroupServiceAccountName`), of the training operator's MPI controller (`newLauncher`), of Spark 3.1 and later
(`ExecutorKubernetesCredentialsFeatureStep`) and of Argo (`mergedTemplateDefaultsInto`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property
from typing import Any

from checkov_aiml.kubernetes_view.manifest import Manifest, mapping, members, text
from checkov_aiml.kubernetes_view.partly_known import peek

SECRETS_STORE_DRIVERS = ("secrets-store.csi.k8s.io", "secrets-store-gke.csi.k8s.io")
"""The driver, and the one of Google's managed add-on for GKE."""


@dataclass(frozen=True)
class Pod:
    """A pod as an object describes it: where its spec stands, the spec, its containers by place, and its labels.

    Containers are those of every kind: init, sidecar and ephemeral ones, and the serving containers of KServe.
    `fallback` is the account of a pod that names none: empty where an operator makes one for it, None where the kind
    has no field for it because another object decides.
    """

    path: str
    spec: Mapping[str, Any]
    containers: tuple[tuple[str, Mapping[str, Any]], ...]
    labels: Mapping[str, Any]
    fallback: str | None = "default"

    @property
    def service_account(self) -> str:
        """The name of its service account; empty where an operator makes the account or another object names it."""
        if self.fallback is None:
            return ""
        return text(self.spec.get("serviceAccountName")) or text(self.spec.get("serviceAccount")) or self.fallback

    @cached_property
    def volumes(self) -> list[tuple[str, Mapping[str, Any]]]:
        """Its volumes, each with its place."""
        return [(f"{self.path}.volumes[{i}]", mapping(one)) for i, one in enumerate(members(self.spec.get("volumes")))]

    @cached_property
    def secret_volumes(self) -> list[tuple[str, str, Mapping[str, Any]]]:
        """Place, volume name and `csi` block of the volumes that the Secrets Store CSI driver mounts."""
        found = ((place, text(one.get("name")), mapping(one.get("csi"))) for place, one in self.volumes)
        return [(place, name, csi) for place, name, csi in found if csi.get("driver") in SECRETS_STORE_DRIVERS]


@dataclass(frozen=True)
class _Shape:
    """Where a kind keeps its pod specs: `*` is every key of a mapping, `[]` every member of a list.

    `groups` are the API groups whose kind it is, any for the kinds that are Kubernetes' own.
    """

    paths: tuple[str, ...]
    groups: tuple[str, ...] = ()
    ai: bool = False


_TEMPLATE = ("spec.template.spec",)
_REPLICAS = "spec.{}ReplicaSpecs.*.template.spec"
_RAY = ("headGroupSpec.template.spec", "workerGroupSpecs[].template.spec")
_JOB_SET = "replicatedJobs[].template.spec.template.spec"
_TRAINING = ("kubeflow.org",)
_KSERVE = ("serving.kserve.io",)
_ARGO = ("argoproj.io",)
_SPARK = ("sparkoperator.k8s.io",)


def _training(job: str) -> _Shape:
    return _Shape((_REPLICAS.format(job),), _TRAINING, ai=True)


def _ray(cluster: str, *more: str) -> _Shape:
    return _Shape((*(f"{cluster}.{path}" for path in _RAY), *more), ("ray.io",), ai=True)


SHAPES: Mapping[str, tuple[_Shape, ...]] = {
    "Pod": (_Shape(("spec",)),),
    "PodTemplate": (_Shape(("template.spec",)),),
    "Deployment": (_Shape(_TEMPLATE),),
    "DeploymentConfig": (_Shape(_TEMPLATE),),
    "StatefulSet": (_Shape(_TEMPLATE),),
    "DaemonSet": (_Shape(_TEMPLATE),),
    "ReplicaSet": (_Shape(_TEMPLATE),),
    "ReplicationController": (_Shape(_TEMPLATE),),
    "Job": (
        _Shape(_TEMPLATE, ("batch",)),
        _Shape(("spec.tasks[].template.spec",), ("batch.volcano.sh",)),
    ),
    "CronJob": (_Shape(("spec.jobTemplate.spec.template.spec",)),),
    "Rollout": (_Shape(_TEMPLATE, _ARGO),),
    "Service": (_Shape(_TEMPLATE, ("serving.knative.dev",)),),
    "Configuration": (_Shape(_TEMPLATE, ("serving.knative.dev",)),),
    "InferenceService": (
        _Shape(("spec.predictor", "spec.predictor.workerSpec", "spec.transformer", "spec.explainer"), _KSERVE, ai=True),
    ),
    "ServingRuntime": (_Shape(("spec", "spec.workerSpec"), _KSERVE, ai=True),),
    "ClusterServingRuntime": (_Shape(("spec", "spec.workerSpec"), _KSERVE, ai=True),),
    "LLMInferenceService": (
        _Shape(("spec.template", "spec.worker", "spec.prefill.template", "spec.prefill.worker"), _KSERVE, ai=True),
    ),
    "PyTorchJob": (_training("pytorch"),),
    "TFJob": (_training("tf"),),
    "MPIJob": (_training("mpi"),),
    "XGBoostJob": (_training("xgb"),),
    "PaddleJob": (_training("paddle"),),
    "JAXJob": (_training("jax"),),
    "Notebook": (_Shape(_TEMPLATE, _TRAINING, ai=True),),
    "TrainingRuntime": (_Shape((f"spec.template.spec.{_JOB_SET}",), ("trainer.kubeflow.org",), ai=True),),
    "ClusterTrainingRuntime": (_Shape((f"spec.template.spec.{_JOB_SET}",), ("trainer.kubeflow.org",), ai=True),),
    "JobSet": (_Shape((f"spec.{_JOB_SET}",), ("jobset.x-k8s.io",)),),
    "LeaderWorkerSet": (
        _Shape(
            ("spec.leaderWorkerTemplate.leaderTemplate.spec", "spec.leaderWorkerTemplate.workerTemplate.spec"),
            ("leaderworkerset.x-k8s.io",),
        ),
    ),
    "RayCluster": (_ray("spec"),),
    "RayJob": (_ray("spec.rayClusterSpec", "spec.submitterPodTemplate.spec"),),
    "RayService": (_ray("spec.rayClusterConfig"),),
    "SeldonDeployment": (
        _Shape(("spec.predictors[].componentSpecs[].spec",), ("machinelearning.seldon.io",), ai=True),
    ),
    "Workflow": (_Shape(("spec",), _ARGO, ai=True),),
    "WorkflowTemplate": (_Shape(("spec",), _ARGO, ai=True),),
    "ClusterWorkflowTemplate": (_Shape(("spec",), _ARGO, ai=True),),
    "CronWorkflow": (_Shape(("spec.workflowSpec",), _ARGO, ai=True),),
    "SparkApplication": (_Shape(("spec.driver", "spec.executor"), _SPARK, ai=True),),
    "ScheduledSparkApplication": (_Shape(("spec.template.driver", "spec.template.executor"), _SPARK, ai=True),),
}
"""How the kinds that make pods keep them."""

POD_KINDS = {
    kind: tuple(dict.fromkeys(path for shape in shapes for path in shape.paths)) for kind, shapes in SHAPES.items()
}

_CONTAINER_LISTS = ("containers", "initContainers", "ephemeralContainers")
_SERVING_FIELDS = frozenset({"args", "command", "env", "envFrom", "image", "modelFormat", "storageUri", "volumeMounts"})


def _shape(manifest: Manifest) -> _Shape | None:
    shapes = SHAPES.get(manifest.kind, ())
    return next((one for one in shapes if not one.groups or manifest.api_group in one.groups), None)


def pods_of(manifest: Manifest) -> list[Pod]:
    """The pods that an object makes; none when its kind makes none."""
    kept = vars(manifest)  # Many controls ask in turn, as for a cached property.
    if "pods" not in kept:
        kept["pods"] = _pods(manifest)
    pods: list[Pod] = kept["pods"]
    return pods


def _pods(manifest: Manifest) -> list[Pod]:
    shape = _shape(manifest)
    if shape is None:
        return []
    found = [one for path in shape.paths for one in _walk(manifest.content, path)]
    if shape.groups == _ARGO and manifest.kind != "Rollout":
        return [pod for path, spec, _ in found for pod in _workflow_pods(path, spec)]
    if shape.groups == _SPARK:
        return [_spark_pod(path, spec, owner) for path, spec, owner in found]
    serving = shape.groups == _KSERVE
    return [
        Pod(path, spec, tuple(_containers(path, spec, serving)), _labels(owner, manifest), _fallback(path, manifest))
        for path, spec, owner in found
    ]


def _fallback(path: str, manifest: Manifest) -> str | None:
    """The account of a pod at a path that names none, as `Pod.fallback`."""
    if manifest.kind in ("ServingRuntime", "ClusterServingRuntime"):
        return None  # The InferenceService that is served by it names the account.
    cluster, is_head, _ = path.partition(".headGroupSpec.")
    if is_head and peek(mapping(manifest.read(cluster)), "enableInTreeAutoscaling") not in (None, False):
        return ""
    if path.startswith("spec.mpiReplicaSpecs.Launcher.") and manifest.api_version != "kubeflow.org/v2beta1":
        return ""  # Since v2beta1 the launcher reaches its workers by SSH, not by kubectl.
    return "default"


def _labels(owner: Mapping[str, Any], manifest: Manifest) -> Mapping[str, Any]:
    return mapping(mapping(owner.get("metadata")).get("labels")) or manifest.labels


def _containers(path: str, spec: Mapping[str, Any], serving: bool = False) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for field in _CONTAINER_LISTS:
        for index, container in enumerate(members(spec.get(field))):
            yield f"{path}.{field}[{index}]", mapping(container)
    for field in spec if serving else ():
        # A KServe component is a pod spec with one more container, named after the model's framework.
        if field not in _NOT_CONTAINERS and _SERVING_FIELDS & mapping(spec.get(field)).keys():
            yield f"{path}.{field}", mapping(spec.get(field))


_NOT_CONTAINERS = frozenset({*_CONTAINER_LISTS, "workerSpec", "volumes", "logger", "batcher", "securityContext"})


def _walk(content: Mapping[str, Any], path: str) -> Iterator[tuple[str, Mapping[str, Any], Mapping[str, Any]]]:
    """Place, mapping and enclosing mapping of what stands at a path of a shape."""
    found: list[tuple[str, Any, Any]] = [("", content, {})]
    for step in path.split("."):
        inner: list[tuple[str, Any, Any]] = []
        for place, value, _ in found:
            holder = mapping(value)
            name = step.removesuffix("[]")
            for key in holder if step == "*" else [name]:
                child, here = holder.get(key), f"{place}.{key}".lstrip(".")
                if step.endswith("[]"):
                    inner += [(f"{here}[{i}]", member, holder) for i, member in enumerate(members(child))]
                else:
                    inner.append((here, child, holder))
        found = inner
    yield from ((place, value, owner) for place, value, owner in found if isinstance(value, Mapping))


def _workflow_pods(path: str, workflow: Mapping[str, Any]) -> Iterator[Pod]:
    """One pod a template that runs containers; what a template leaves out is the defaults', then the workflow's."""
    defaults = mapping(workflow.get("templateDefaults"))
    for index, entry in enumerate(members(workflow.get("templates"))):
        template, place = mapping(entry), f"{path}.templates[{index}]"
        containers = [(f"{place}.{f}", mapping(template.get(f))) for f in ("container", "script") if template.get(f)]
        lists = {"initContainers": template, "sidecars": template, "containers": mapping(template.get("containerSet"))}
        for field, holder in lists.items():
            containers += [(f"{place}.{field}[{i}]", mapping(c)) for i, c in enumerate(members(holder.get(field)))]
        if not containers:
            continue
        given = (template, defaults, workflow)
        spec = {
            field: next((value for one in given if (value := one.get(field)) is not None), None)
            for field in ("serviceAccountName", "automountServiceAccountToken")
        }
        volumes = [volume for one in given for volume in members(one.get("volumes"))]
        labels = mapping(mapping(template.get("metadata")).get("labels"))
        yield Pod(place, {**spec, "volumes": volumes}, tuple(containers), labels)


def _spark_pod(path: str, part: Mapping[str, Any], application: Mapping[str, Any]) -> Pod:
    """The pod of a driver or executor: its own fields, over those of its pod template."""
    template = mapping(part.get("template"))
    inner = mapping(template.get("spec"))
    own = {"serviceAccountName": part.get("serviceAccount")} if part.get("serviceAccount") else {}
    volumes = [*members(application.get("volumes")), *members(inner.get("volumes"))]
    containers = ((path, part), *_containers(f"{path}.template.spec", inner))
    account = "default"
    if path.endswith(".executor") and not text(application.get("sparkVersion")).startswith(("2.", "3.0")):
        account = text(mapping(application.get("driver")).get("serviceAccount")) or account
    return Pod(path, {**inner, **own, "volumes": volumes}, containers, mapping(part.get("labels")), account)


def mounts_secrets(manifest: Manifest) -> bool:
    """Whether a pod of an object mounts a volume of the Secrets Store CSI driver."""
    return any(pod.secret_volumes for pod in pods_of(manifest))


def is_ai_workload(manifest: Manifest) -> bool:
    """Whether an object that makes pods is an AI/ML workload: by its kind, or by the namespaces, labels and images of
    the settings."""
    shape = _shape(manifest)
    if shape is None:
        return False
    return shape.ai or is_marked_ai(manifest) or _has_marked_image(manifest)


def is_marked_ai(manifest: Manifest, labels: Mapping[str, Any] | None = None) -> bool:
    """Whether the settings' namespaces or labels name an object as AI/ML."""
    from checkov_aiml import settings

    marks = settings.current().kubernetes
    if any(fnmatchcase(manifest.namespace or "default", pattern) for pattern in marks.namespaces):
        return True
    if not marks.labels:
        return False
    carried = [manifest.labels, *(pod.labels for pod in pods_of(manifest))]
    return any(one.get(key) == value for one in carried for key, value in marks.labels.items())


def _has_marked_image(manifest: Manifest) -> bool:
    from checkov_aiml import settings

    patterns = settings.current().kubernetes.images
    if not patterns:
        return False
    images = [text(container.get("image")) for pod in pods_of(manifest) for _, container in pod.containers]
    return any(fnmatchcase(image, pattern) for image in images for pattern in patterns)


def environment_secrets(pod: Pod) -> Iterator[tuple[str, str]]:
    """Place and name of every Secret that a container of the pod takes into its environment."""
    for place, container in pod.containers:
        for index, entry in enumerate(members(container.get("env"))):
            source = mapping(mapping(mapping(entry).get("valueFrom")).get("secretKeyRef"))
            if source:
                yield f"{place}.env[{index}].valueFrom.secretKeyRef", text(peek(source, "name"))
        for index, entry in enumerate(members(container.get("envFrom"))):
            source = mapping(mapping(entry).get("secretRef"))
            if source:
                yield f"{place}.envFrom[{index}].secretRef", text(peek(source, "name"))
        # The Spark operator's own form: variable to Secret and key.
        for name in mapping(container.get("envSecretKeyRefs")):
            source = mapping(mapping(container.get("envSecretKeyRefs")).get(name))
            yield f"{place}.envSecretKeyRefs.{name}", text(peek(source, "name"))
