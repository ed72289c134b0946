"""Measures the peers beside this service: processor time of a sign-in, start, and guesses at once."""

from __future__ import annotations

import os
import statistics
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

from bench.artifact import rounds, wheel, worker
from bench.cold_start import start
from bench.flows import FUNCTIONS, KNOWN, SIGN_IN, argon2_cost
from bench.guesses import addresses, evaluated_of, pins
from bench.members import SERVING
from bench.peers.installing import NotInstalled, install, version
from bench.peers.known import PEERS
from bench.peers.serving import serving
from bench.spread import ratios, spread

if TYPE_CHECKING:
    from bench.artifact import Artifact
    from bench.flows import Script
    from bench.peers.known import Peer
    from bench.peers.serving import Server

GUESSES = 60
OWN = "this service"
_OWN = {OWN: SIGN_IN, f"{OWN}, known browser": KNOWN}
_EACH = 20
_WARM = 10
_STARTS = 3
"""The quickest counts: of a server, of both of its runs with limits and the one without."""
_GUESSES = {False: "guesses_of_one_address", True: "guesses_of_as_many_addresses"}
_SETTINGS = (
    "the built function, without a server; AWS answers at once; guesses on DynamoDB Local",
    "the same; the browser has signed in before, so no claim of a source is made and taken back",
)


def measure(artifact: Artifact, script: Script, number: int, each: int = _EACH) -> dict[str, Any]:
    """Measure every peer that can be installed, and this service, in the same rounds.

    Returns:
        For each: spreads in milliseconds and as ratios to the wheel, processor seconds to ready, guesses evaluated; for
        those that could not be installed, why.
    """
    function, cost = FUNCTIONS[SIGN_IN], argon2_cost()
    missing: dict[str, str] = {}
    with ExitStack() as running:
        bare = running.enter_context(worker(wheel(), {"PATH": os.defpath}))
        own = running.enter_context(worker(artifact.command(function, SERVING), script.environment(function)))
        ready = min(start(artifact, script, function)["process"] for _ in range(_STARTS))
        own.ask(**script.setup(function, artifact.entry(function)))
        own.ask(do="run", name=SIGN_IN, times=_WARM)
        servers = _started(running, missing)
        seconds: dict[str, list[float]] = {name: [] for name in ("wheel", *_OWN, *(one.peer.name for one in servers))}
        for _ in rounds(number):
            seconds["wheel"].append(statistics.fmean(bare.ask(do="verify", cost=cost, times=each)))
            for name, flow in _OWN.items():
                seconds[name].append(statistics.fmean(own.ask(do="run", name=flow, times=each)["seconds"]))
            for server in servers:
                before = server.processor_seconds()
                for _ in range(each):
                    server.sign_in()
                seconds[server.peer.name].append((server.processor_seconds() - before) / each)
    found: dict[str, dict[str, Any]] = {
        name: {"version": "", "setting": setting, "processor_seconds_to_ready": ready}
        for name, setting in zip(_OWN, _SETTINGS, strict=True)
    }
    found |= {server.peer.name: _facts(server) for server in servers}
    for different, name in _GUESSES.items():
        found[OWN][name] = evaluated_of(GUESSES, different=different)
        for server in servers:
            facts = found[server.peer.name]
            facts[name], ready = _evaluated(server.peer, different=different)
            facts["processor_seconds_to_ready"] = min(facts["processor_seconds_to_ready"], ready)
    for service, facts in found.items():
        facts["milliseconds"] = spread([1000 * one for one in seconds[service]])
        facts["to_the_wheel"] = ratios(seconds[service], seconds["wheel"])
        facts["a_second_and_processor"] = 1 / statistics.median(seconds[service])
    return {"rounds": number, "each": each, "services": found, "missing": missing, "of_guesses": GUESSES}


def _started(running: ExitStack, missing: dict[str, str]) -> list[Server]:
    """Start every peer; those that do not sign in go to the missing ones."""
    servers = []
    for peer in PEERS:
        try:
            server = running.enter_context(serving(peer, install(peer.folder), argon2_cost(), limits=False))
        except NotInstalled as error:
            missing[peer.name] = str(error)
            continue
        statuses = {server.sign_in() for _ in range(_WARM)}
        if statuses == {200} and server.verifications() == _WARM:
            servers.append(server)
        else:
            missing[peer.name] = f"its sign-in returned {statuses}, with {server.verifications()} verifications"
    return servers


def _facts(server: Server) -> dict[str, Any]:
    return {
        "version": version(server.peer.folder, server.peer.package),
        "setting": server.peer.setting,
        "processor_seconds_to_ready": server.processor_seconds_to_ready,
    }


def _evaluated(peer: Peer, *, different: bool) -> tuple[int, float]:
    """Return how many guesses a new server evaluates, and its processor seconds to ready."""
    with (
        serving(peer, install(peer.folder), argon2_cost(), limits=True) as server,
        ThreadPoolExecutor(GUESSES) as guessing,
    ):
        list(guessing.map(server.sign_in, pins(GUESSES), addresses(GUESSES, different=different)))
        return server.verifications(), server.processor_seconds_to_ready
