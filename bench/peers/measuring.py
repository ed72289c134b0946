"""Measures the peers beside this service: processor time of a sign-in, start, and guesses at once."""

from __future__ import annotations

import os
import statistics
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import astuple
from typing import TYPE_CHECKING, Any

from bench.artifact import rounds, wheel, worker
from bench.flows import FUNCTIONS, SIGN_IN, argon2_cost
from bench.guesses import evaluated_of
from bench.members import SERVING
from bench.peers.installing import NotInstalled, install, version
from bench.peers.known import PEERS
from bench.peers.serving import serving
from bench.spread import ratios, spread

if TYPE_CHECKING:
    from bench.artifact import Artifact
    from bench.flows import Script

GUESSES = 60
OWN = "this service"
_EACH = 20
_WARM = 10


def measure(artifact: Artifact, script: Script, number: int, each: int = _EACH) -> dict[str, Any]:
    """Measure every peer that can be installed, and this service, in the same rounds.

    Returns:
        For each: spreads in milliseconds and as ratios to the wheel, seconds to ready, guesses evaluated; for those
        that could not be installed, why.
    """
    cost = argon2_cost()
    seconds: dict[str, list[float]] = {"wheel": [], OWN: []}
    found: dict[str, dict[str, Any]] = {OWN: {}}
    missing = {}
    with ExitStack() as running:
        bare = running.enter_context(worker(wheel(), {"PATH": os.defpath}))
        function = FUNCTIONS[SIGN_IN]
        own = running.enter_context(worker(artifact.command(function, SERVING), script.environment(function)))
        steps = own.ask(**script.setup(function, artifact.entry(function)))
        found[OWN]["processor_seconds_to_ready"] = sum(steps.values())
        servers = []
        for peer in PEERS:
            try:
                server = running.enter_context(serving(peer, install(peer.folder), cost, limits=False))
                statuses = {server.sign_in() for _ in range(_WARM)}
            except NotInstalled as error:
                missing[peer.name] = str(error)
                continue
            if statuses != {200} or server.verifications() != _WARM:
                missing[peer.name] = f"its sign-in returned {statuses}, with {server.verifications()} verifications"
                continue
            servers.append(server)
            seconds[peer.name] = []
            found[peer.name] = {
                "version": version(peer.folder, peer.package),
                "setting": peer.setting,
                "seconds_to_ready": server.seconds_to_ready,
                "processor_seconds_to_ready": server.processor_seconds_to_ready,
            }
        own.ask(do="run", name=SIGN_IN, times=_WARM)
        for _ in rounds(number):
            seconds["wheel"].append(statistics.fmean(bare.ask(do="verify", cost=astuple(cost), times=each)))
            seconds[OWN].append(statistics.fmean(own.ask(do="run", name=SIGN_IN, times=each)["seconds"]))
            for server in servers:
                before = server.processor_seconds()
                for _ in range(each):
                    server.sign_in()
                seconds[server.peer.name].append((server.processor_seconds() - before) / each)
    for peer in PEERS:
        if peer.name in found:
            with serving(peer, install(peer.folder), cost, limits=True) as server:
                with ThreadPoolExecutor(GUESSES) as guessing:
                    list(guessing.map(server.sign_in, [f"{number:06}" for number in range(GUESSES)]))
                found[peer.name]["guesses"] = server.verifications()
    found[OWN]["guesses"] = evaluated_of(GUESSES)
    for name, one in found.items():
        one["milliseconds"] = spread([1000 * each_ for each_ in seconds[name]])
        one["to_the_wheel"] = ratios(seconds[name], seconds["wheel"])
        one["a_second_and_processor"] = 1 / statistics.median(seconds[name])
    return {"rounds": number, "each": each, "services": found, "missing": missing, "of_guesses": GUESSES}
