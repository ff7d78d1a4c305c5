"""What the manifests promise: who may do what, how pods end, who scales them, and that their settings are csvgate's."""

from __future__ import annotations

from importlib.metadata import version

import pytest

from csvgate.cli.web import web
from csvgate.cli.worker import worker
from csvgate.settings import load
from csvgate.variables import SETTINGS
from csvgate.web.service import TABLE
from csvgate.web.serving import STOP_SECONDS
from csvgate.worker.crew import HIDDEN_PER_LEASE
from csvgate.worker.health import pages
from csvgate.worker.stopping import PROMISED_SECONDS
from tests.infra.manifests import OVERLAYS, Document, named, of_kind, ours, pod, rendered, workloads
from tests.infra.rendering import load as template
from tests.infra.rendering import of_type, render

UID = 10001
# What the kubelet needs beside the promise, to be told and to tell.
RESERVE_SECONDS = 5
WORKERS = ("csvgate-inspect", "csvgate-record")
ALL = [
    pytest.param(each, id=f"{overlay}-{each['metadata']['name']}")
    for overlay in OVERLAYS
    for each in workloads(rendered(overlay))
]
OURS = [
    pytest.param(each, id=f"{overlay}-{each['metadata']['name']}")
    for overlay in OVERLAYS
    for each in ours(rendered(overlay))
]
EKS = rendered("eks")


def settings_of(overlay: str) -> dict[str, str]:
    """What every pod of the overlay is told."""
    maps = [each for each in of_kind(rendered(overlay), "ConfigMap") if "settings" in each["metadata"]["name"]]
    (data,) = [each["data"] for each in maps]
    return dict(data)


@pytest.mark.parametrize("workload", ALL)
def test_a_pod_may_do_no_more_than_it_must(workload: Document) -> None:
    """Not even what its node may do: no root, no writing, no capability, no token for the API server."""
    spec = pod(workload)
    assert spec["securityContext"] == {
        "runAsNonRoot": True,
        "runAsUser": UID,
        "runAsGroup": UID,
        "fsGroup": UID,
        "seccompProfile": {"type": "RuntimeDefault"},
    }
    assert spec["automountServiceAccountToken"] is spec["enableServiceLinks"] is False
    for container in spec["containers"]:
        assert container["securityContext"] == {
            "allowPrivilegeEscalation": False,
            "readOnlyRootFilesystem": True,
            "capabilities": {"drop": ["ALL"]},
        }
        assert "/tmp" in {mount["mountPath"] for mount in container["volumeMounts"]}  # noqa: S108  the pod's own
        assert {"cpu", "memory"} <= container["resources"]["requests"].keys() & container["resources"]["limits"].keys()


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_the_namespace_refuses_pods_that_may_do_more(overlay: str) -> None:
    """And no account gets a token for the API server by default."""
    documents = rendered(overlay)
    assert named(documents, "Namespace")["metadata"]["labels"]["pod-security.kubernetes.io/enforce"] == "restricted"
    assert {account["automountServiceAccountToken"] for account in of_kind(documents, "ServiceAccount")} == {False}


@pytest.mark.parametrize("workload", OURS)
def test_pods_run_this_version(workload: Document) -> None:
    (container,) = pod(workload)["containers"]
    assert container["image"].endswith(f":{version('csvgate')}")


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_every_setting_is_one_that_csvgate_knows_and_takes(overlay: str) -> None:
    """A misspelt name would be ignored without a word."""
    maps = [each["data"] for each in of_kind(rendered(overlay), "ConfigMap")]
    secrets = [each.get("stringData", {}) | each.get("data", {}) for each in of_kind(rendered(overlay), "Secret")]
    names = {name for data in maps + secrets for name in data}
    assert names <= {setting.name for setting in SETTINGS}
    assert load(settings_of(overlay)).target == "aws"


def test_the_workers_give_up_when_the_queues_do() -> None:
    """As often as the queues, and for as long as the functions hold a delivery."""
    functions = of_type(render("pipeline"), "Lambda::Function").values()
    for name in ("CSVGATE_MAX_RECEIVE_COUNT", "CSVGATE_LEASE_SECONDS"):
        assert {function["Environment"]["Variables"][name] for function in functions} == {settings_of("eks")[name]}


def test_a_worker_that_stops_gives_back_what_it_has_before_it_is_killed() -> None:
    """And what it cannot give back is hidden for longer than it can still be working on it."""
    hidden = int(settings_of("eks")["CSVGATE_LEASE_SECONDS"]) * HIDDEN_PER_LEASE
    (visible_after,) = {
        queue["VisibilityTimeout"] for name, queue in of_type(render("sqs"), "SQS::Queue").items() if "Dead" not in name
    }
    for name in WORKERS:
        grace = pod(named(EKS, "Deployment", name))["terminationGracePeriodSeconds"]
        assert PROMISED_SECONDS + RESERVE_SECONDS <= grace < hidden < visible_after


def test_a_service_that_stops_is_found_by_nobody_and_ends_its_uploads() -> None:
    """First the balancers forget it, then uploads that are under way have their time."""
    spec = pod(named(EKS, "Deployment", "csvgate-upload"))
    pause = spec["containers"][0]["lifecycle"]["preStop"]["sleep"]["seconds"]
    assert pause + STOP_SECONDS + RESERVE_SECONDS <= spec["terminationGracePeriodSeconds"]


@pytest.mark.parametrize("workload", [each for each in OURS if each.values[0]["kind"] == "Deployment"])  # type: ignore[index]
def test_probes_ask_for_what_is_answered_where_it_is_answered(workload: Document) -> None:
    """Liveness asks for the process alone: what is down elsewhere gets better by no restart."""
    (container,) = pod(workload)["containers"]
    is_service = workload["metadata"]["name"] == "csvgate-upload"
    answered = {operation.path for operation in TABLE} if is_service else set(pages(tuple, str))
    asked = {kind: container[f"{kind}Probe"]["httpGet"] for kind in ("startup", "liveness", "readiness")}
    assert {kind: probe["path"] for kind, probe in asked.items()} == {
        "startup": "/healthz",
        "liveness": "/healthz",
        "readiness": "/readyz",
    }
    assert {probe["path"] for probe in asked.values()} <= answered
    (port,) = container["ports"]
    assert {probe["port"] for probe in asked.values()} == {port["name"]}
    assert container["command"][-2:] == ["--listen", f"0.0.0.0:{port['containerPort']}"]


@pytest.mark.parametrize("workload", OURS)
def test_commands_are_those_of_csvgate(workload: Document) -> None:
    """With arguments that it takes."""
    program, command, *arguments = pod(workload)["containers"][0]["command"]
    assert program == "csvgate"
    known = {"web": web, "worker": worker}
    if command in known:
        known[command].make_context(command, list(arguments))
    else:
        assert (command, arguments) == ("migrate", [])


def test_workers_are_scaled_by_their_own_queue_with_what_is_in_flight() -> None:
    """Else a pod that reads a large file from an empty queue would be one too many."""
    told, parameters = settings_of("eks"), template("pipeline")["Parameters"]
    for name, queue, most in (
        ("csvgate-inspect", "SQS_QUEUE_URL", "InspectConcurrency"),
        ("csvgate-record", "CSVGATE_INSPECTED_QUEUE_URL", "RecordConcurrency"),
    ):
        spec = named(EKS, "ScaledObject", name)["spec"]
        (trigger,) = spec["triggers"]
        assert (spec["scaleTargetRef"]["name"], trigger["type"]) == (name, "aws-sqs-queue")
        assert trigger["metadata"] | {"queueLength": ""} == {
            "queueURL": told[queue],
            "awsRegion": told["AWS_REGION"],
            "queueLength": "",
            "scaleOnInFlight": "true",
            "scaleOnDelayed": "false",
        }
        assert str(spec["maxReplicaCount"]) == parameters[most]["Default"]
        assert trigger["authenticationRef"]["name"] == named(EKS, "TriggerAuthentication")["metadata"]["name"]


def test_an_apply_does_not_undo_what_was_scaled() -> None:
    """Whoever is scaled has no number of replicas of its own."""
    scaled = {each["spec"]["scaleTargetRef"]["name"] for each in EKS if "scaleTargetRef" in each.get("spec", {})}
    assert scaled == {each["metadata"]["name"] for each in of_kind(EKS, "Deployment")}
    assert [each for each in of_kind(EKS, "Deployment") if "replicas" in each["spec"]] == []


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_an_apply_of_what_is_there_changes_nothing(overlay: str) -> None:
    """Without a strategy's type, kubectl patches a deployment, and calls it configured, every time."""
    strategies = [deployment["spec"]["strategy"] for deployment in of_kind(rendered(overlay), "Deployment")]
    assert [strategy for strategy in strategies if "type" not in strategy] == []


def test_a_trial_fits_on_two_processors_beside_what_a_cluster_takes() -> None:
    """Else the job may wait for room that pods take which wait for its tables."""
    requests = [
        container["resources"]["requests"]
        for each in workloads(rendered("local"))
        for container in pod(each)["containers"]
    ]
    assert sum(int(each["cpu"].removesuffix("m")) for each in requests) <= 1000
    assert sum(int(each["memory"].removesuffix("Mi")) for each in requests) <= 1024


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_a_node_can_be_drained_and_not_all_pods_go_at_once(overlay: str) -> None:
    """Each deployment of ours has its budget, which fits its pods."""
    budgets = {each["metadata"]["name"]: each["spec"] for each in of_kind(rendered(overlay), "PodDisruptionBudget")}
    for deployment in (each for each in ours(rendered(overlay)) if each["kind"] == "Deployment"):
        budget = budgets.pop(deployment["metadata"]["name"])
        assert budget["selector"] == deployment["spec"]["selector"]
        assert budget["maxUnavailable"] in {1, "50%"}
    assert budgets == {}


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_nothing_comes_in_but_uploads_and_whoever_reads_figures(overlay: str) -> None:
    """Whatever is not allowed to a pod is denied to it."""
    policies = {each["metadata"]["name"]: each["spec"] for each in of_kind(rendered(overlay), "NetworkPolicy")}
    assert policies["nothing"] == {"podSelector": {}, "policyTypes": ["Ingress", "Egress"]}
    csvgate = {name: each for name, each in policies.items() if "ingress" in each and name not in {"aws", "database"}}
    opened = {
        name: [port["port"] for rule in each["ingress"] for port in rule["ports"]] for name, each in csvgate.items()
    }
    assert opened == {"uploads": ["http"], "figures": ["metrics"]}
    assert [rule for rule in policies["uploads"]["ingress"] if "from" in rule] == []
    assert all("from" in rule for rule in policies["figures"]["ingress"])


@pytest.mark.parametrize("overlay", OVERLAYS)
def test_pods_reach_names_https_and_their_stores_and_no_node(overlay: str) -> None:
    """The address where a node gets its own credentials is none of theirs."""
    policies = {each["metadata"]["name"]: each["spec"] for each in of_kind(rendered(overlay), "NetworkPolicy")}
    out = {
        name: {port["port"] for rule in each["egress"] for port in rule["ports"]}
        for name, each in policies.items()
        if "egress" in each
    }
    stores = {"eks": {}, "rds": {"postgresql": {5432}}}
    local = {"postgresql": {5432}, "to-aws": {"aws"}, "to-database": {"postgresql"}}
    assert out == {"names": {53}, "https": {443}, "identity": {80}} | stores.get(overlay, local)
    blocks = [to["ipBlock"] for to in policies["https"]["egress"][0]["to"]]
    assert [block["except"] for block in blocks] == [["169.254.169.254/32"], ["fd00:ec2::254/128"]]
    agent = {to["ipBlock"]["cidr"] for to in policies["identity"]["egress"][0]["to"]}
    assert agent == {"169.254.170.23/32", "fd00:ec2::23/128"}


def test_the_job_ends_by_itself_and_is_tried_again() -> None:
    """A database may come up later than the job that migrates it."""
    spec = named(rendered("rds"), "Job")["spec"]
    assert spec["template"]["spec"]["restartPolicy"] == "OnFailure"
    assert spec["ttlSecondsAfterFinished"]
    assert spec["backoffLimit"]


def test_only_who_records_tells_anybody() -> None:
    """As with the functions: the other stage has no right to, and no secret of a channel."""
    sources = {
        each["metadata"]["name"]: [
            next(iter(source.values()))["name"].rsplit("-", 1)[0] for source in pod(each)["containers"][0]["envFrom"]
        ]
        for each in of_kind(EKS, "Deployment")
    }
    assert {name for name, found in sources.items() if "csvgate-notices" in found} == {"csvgate-record"}


def test_pods_ask_for_names_also_where_no_pod_answers() -> None:
    """By a cache on the node, or as EKS Auto Mode has it: at the address of the service, in either of EKS's ranges."""
    (names,) = [each for each in of_kind(EKS, "NetworkPolicy") if each["metadata"]["name"] == "names"]
    (out,) = names["spec"]["egress"]
    asked = {peer["ipBlock"]["cidr"] for peer in out["to"] if "ipBlock" in peer}
    assert asked == {"169.254.20.10/32", "10.100.0.10/32", "172.20.0.10/32"}
