"""The storm and the hold model in SimPy: `python peer.py LIST HOURS`, with the list that `peers list` prints.

A process for each probe of each instance, as SimPy's users would write it.
"""

import sys
import time

import simpy

INTERVAL, LATENCY, DOWN, AGENT, REPORT = 5_000, 5, 45_000, 6_000, 10_000
HOLDS = 200_000


class Harm:
    def __init__(self, env, instances):
        self.env, self.rotating = env, instances
        self.broken = self.unhealthy = self.last = self.unhealthy_ms = 0
        self.harmed = 0.0

    def advance(self, now):
        self.harmed += (now - self.last) * self.broken / self.rotating
        self.unhealthy_ms += (now - self.last) * self.unhealthy
        self.last = now


class Machine:
    def __init__(self, env, harm, line):
        self.env, self.harm = env, harm
        balancer, extension, self.agent, *failures = map(int, line.split())
        self.failed = None
        env.process(self.fail(failures))
        env.process(self.probe(balancer))
        env.process(self.look(extension))

    def answers(self):
        now = self.env.now
        return self.failed is None or now <= self.failed or now > self.failed + DOWN

    def fail(self, failures):
        for at in failures:
            yield self.env.timeout(at - self.env.now)
            self.failed = at
            self.harm.advance(at)
            self.harm.broken += 1

    def probe(self, phase):
        env, held_up = self.env, True
        yield env.timeout(phase)
        while True:
            up = self.answers()
            if up != held_up:
                held_up = up
                env.process(self.rotate(up))
            yield env.timeout(INTERVAL)

    def rotate(self, up):
        yield self.env.timeout(LATENCY)
        self.harm.advance(self.env.now)
        if up:
            self.harm.rotating += 1
        else:
            self.harm.rotating -= 1
            self.harm.broken -= 1

    def look(self, phase):
        env, healthy = self.env, True
        yield env.timeout(phase)
        while True:
            now_healthy = self.answers()
            if now_healthy != healthy:
                healthy = now_healthy
                env.process(self.say(healthy))
            yield env.timeout(INTERVAL)

    def say(self, healthy):
        env = self.env
        yield env.timeout(LATENCY)
        yield env.timeout(AGENT - (env.now + AGENT - self.agent) % AGENT + REPORT)
        self.harm.advance(env.now)
        self.harm.unhealthy += -1 if healthy else 1


def storm(lines, horizon):
    env = simpy.Environment()
    harm = Harm(env, len(lines))
    for line in lines:
        Machine(env, harm, line)
    env.run(until=horizon + 1)
    harm.advance(horizon)
    return f"{harm.harmed / horizon:.9f} {harm.unhealthy_ms / 1000:.3f}"


def hold(pending):
    env = simpy.Environment()
    state = {"x": 1, "held": 0, "end": 0}
    done = env.event()

    def gap():
        state["x"] = (state["x"] * 6364136223846793005 + 1442695040888963407) % 2**64
        return 1 + (state["x"] >> 33) % 60_000

    def holder(first):
        yield env.timeout(first)
        while True:
            state["held"] += 1
            if state["held"] == HOLDS:
                state["end"] = env.now
                done.succeed()
            yield env.timeout(gap())

    for _ in range(pending):
        env.process(holder(gap()))
    env.run(until=done)
    return str(state["end"])


def timed(benchmark, work, what):
    start = time.process_time()
    check = what()
    print(f"simpy,{benchmark},{time.process_time() - start:.6f},{work},{check}")


def main():
    with open(sys.argv[1]) as file:
        lines = file.read().splitlines()
    horizon = int(float(sys.argv[2]) * 3_600_000)
    timed("storm", horizon, lambda: storm(lines, horizon))
    for pending in (1_000, 30_000):
        timed(f"hold/{pending}", HOLDS, lambda: hold(pending))


main()
