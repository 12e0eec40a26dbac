"""Writes the table of ratios: `python table.py RESULTS HOURS SIMPY`."""

import datetime
import platform
import re
import subprocess
import sys

NAMES = {
    "ours": "windtunnel, the whole model",
    "floor": "the loop by hand (the floor)",
    "simcore": "simcore",
    "nexosim": "nexosim, one thread",
    "simpy": "SimPy",
}


def main():
    results, hours, simpy = sys.argv[1:]
    least, checks = {}, {}
    with open(results) as file:
        for line in file:
            what, benchmark, seconds, _, check = line.strip().split(",")
            key = benchmark, what
            least[key] = min(float(seconds), least.get(key, float("inf")))
            checks[key] = check
    with open("Cargo.lock") as file:
        locked = dict(re.findall(r'name = "(\w+)"\nversion = "([\d.]+)"', file.read()))
    versions = {"simpy": simpy, "simcore": locked["simcore"], "nexosim": locked["nexosim"]}
    rustc = subprocess.run(["rustc", "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    harm = {check.split()[0] for (benchmark, _), check in checks.items() if benchmark == "storm"}
    health = {check for (benchmark, what), check in checks.items() if benchmark == "storm" and what != "ours"}
    ends = {check for (benchmark, _), check in checks.items() if benchmark == "hold/1000"}
    assert len(harm) == len(health) == len(ends) == 1, checks
    print(f"# Ours beside others, {datetime.date.today():%-d %B %Y}\n")
    print(f"`benches/peers/run {hours}`: one sitting, seconds of processor time, the least of several turns (the peers'")
    print(f"storm: one). rustc {rustc}, Python {platform.python_version()}, {platform.machine()}.\n")
    print(f"## The storm: 1,000 instances, {hours} h\n")
    print("| | seconds | times ours |\n| --- | --: | --: |")
    rows("storm", least, versions, lambda seconds: f"{seconds:.4f}" if seconds < 1 else f"{seconds:.1f}")
    print(f"\nAll come to the same harmed share, {harm.pop()}, and all but ours, which is not asked, to the same instance-seconds")
    print("known to be unhealthy. The peers send every probe, as their users would write it; ours and the floor find by")
    print("counting the probes that matter. The peers keep no ledger, causes, rules or measures but these two; ours does all but")
    print("keep the ledger.\n")
    print("## The hold model: nanoseconds a hold\n")
    for benchmark in ("hold/1000", "hold/30000"):
        print(f"{int(benchmark.split('/')[1]):,} pending:\n\n| | ns | times ours |\n| --- | --: | --: |")
        rows(benchmark, least, versions, lambda seconds: f"{seconds / 200_000 * 1e9:.0f}")
        print()
    print("Ours is the queue alone; a peer's hold is an event of a model, and includes filling at the start.")


def rows(benchmark, least, versions, show):
    ours = least[benchmark, "ours"]
    for what, name in NAMES.items():
        if (benchmark, what) in least:
            seconds = least[benchmark, what]
            version = f" {versions[what]}" if what in versions else ""
            ratio = seconds / ours
            print(f"| {name}{version} | {show(seconds)} | {ratio:.2f} |" if ratio < 10 else f"| {name}{version} | {show(seconds)} | {ratio:.0f} |")


main()
