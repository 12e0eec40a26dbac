//! The rows of the assumptions on names, what Traffic Manager and Front Door do not publish and what resolvers do, and on the autoscale of
//! gateways. They come after the others; the table is in `assumption_table.rs`.

/// Makes the table of the rows given, and of these after them.
macro_rules! with_names {
    ($($rows:tt)*) => {
        assumptions! {
            $($rows)*
            TmPlaces = "tm.places", count(3, 1, 16),
                "From how many places Traffic Manager probes each endpoint, each in its own phase.",
                "The page says \"multiple locations\"; the published list of source addresses had 24, of which two belong together each \
                 time. See TM-05.";
            TmPlacesAgree = "tm.places_agree", count(2, 1, 16),
                "How many of the places must hold an endpoint down before it is Degraded; all of them, where there are fewer.",
                "The page says that failures are counted \"within each region\", and not how the regions agree. One is the strict reading; \
                 with two of three, the network of one place moves no users. The bound of TM-06 holds for any number.";
            TmNextProbe = "tm.next_probe", choice(Sent "sent", Result "result"),
                "When a place sends its next probe: an interval after it sent the last one, or an interval after that one was answered or \
                 timed out.",
                "The page repeats the check \"every 30 seconds\" and tries again \"at 30-second intervals\", which is from one sending to the \
                 next. A reader's report (MicrosoftDocs/azure-docs #104593) adds the time-out of each failed probe. See TM-06.";
            TmPhase = "tm.phase", choice(as Phase: Seeded, Aligned),
                "When each place first probes and each group of resolvers first asks again: at an instant of its own, or all of them an \
                 interval or a TTL after the start.",
                "Nobody keeps them in step.";
            TmCohorts = "tm.cohorts", count(60, 1, 1_000),
                "In how many groups resolvers ask for a name again, each at its own instant within the TTL.",
                "So many steps are finer than any chart shows; more cost time and tell nothing new.";
            TmTtlIgnored = "tm.ttl_ignored", share(0.0),
                "The share of the resolvers that keep an answer longer than its TTL allows.",
                "The page on recovery says that \"most internet facing\" resolvers honour 10 s; how many do not is not published, so none is \
                 assumed.";
            TmTtlIgnoredFor = "tm.ttl_ignored_for", time(min(5), s(1), h(48)),
                "How long these keep an answer, if its TTL is shorter.",
                "Resolvers that raise a short TTL raise it to minutes; some clients keep an address as long as their process lives.";
            FrontDoorEdges = "frontdoor.edges", count(10, 1, 100),
                "At how many edge sites of Front Door each group of users arrives, the same part of them at each. Every site probes for \
                 itself, in its own phase.",
                "There are more than a hundred sites, and users of a region meet a few of them. More make a failover a finer staircase, of \
                 the same length: the bounds of AFD-03 hold for any number.";
            FrontDoorPhase = "frontdoor.phase", choice(as Phase: Seeded, Aligned),
                "When each edge site first probes each origin: at an instant of its own, or all of them an interval after the start.",
                "Nobody keeps them in step.";
            FrontDoorProbeTimeout = "frontdoor.probe_timeout", time(s(10), s(1), s(60)),
                "How long an edge site waits for the answer to a probe; never longer than the interval.",
                "Not published. A request is given up after 16 s to 4 min (`originResponseTimeoutSeconds`); a probe that took so long would \
                 outlast its interval.";
            FrontDoorLatency = "frontdoor.latency", time(ms(30), s(0), s(1)),
                "How far an origin is from the edge sites of a group of users, where the scenario gives no `latency`.",
                "The same for all origins, so that the latency decides nothing where it is not given. See AFD-05.";
            FrontDoorFailOpen = "frontdoor.fail_open", choice(RoundRobin "round_robin", Priority "priority"),
                "Which origins get requests at an edge site for which none is healthy: all that are enabled, in turn, or those that it would \
                 choose if all were healthy.",
                "The page on probes says that traffic is distributed round robin over all of them. A reader's measurement (2023, \
                 MicrosoftDocs/azure-docs #117586) found that the priority still counts. See AFD-04.";
            FrontDoorPropagation = "frontdoor.propagation", dist(Dist::Uniform { min: min(3), max: min(20) }, s(0), h(2)),
                "When a write to Front Door takes effect at an edge site; each has its own draw.",
                "The FAQ has said 3 to 5 min (2020), 3 to 20 min (2021), up to 45 min after the outages of October 2025, and up to 20 min \
                 since. 20 to 30 min were seen until users no longer met an origin (MicrosoftDocs/azure-docs #87532). Its \
                 `deploymentStatus` says nothing: NotStarted in 432 of 435 recorded answers. See AFD-07.";
            AppgwUnitRps = "appgw.unit_rps", number(50.0, 1.0, 100_000.0),
                "The requests a second that one compute unit of a gateway `Standard_v2` takes.",
                "The pricing page: about 50 new TLS connections a second, with an RSA key of 2,048 bits. Requests on connections that clients keep \
                 take less; no page says how much.";
            AppgwUnitRpsWaf = "appgw.unit_rps_waf", number(10.0, 1.0, 100_000.0),
                "The same of `WAF_v2`.",
                "The pricing page: about 10 requests a second, most of them below 2 KB.";
            AppgwScaleOut = "appgw.scale_out", dist(Dist::Uniform { min: min(3), max: min(5) }, s(0), h(1)),
                "How long a gateway takes to scale out: until its new instances take requests.",
                "The page on autoscale has said three to five minutes, and six or seven before (AG-13).";
            AppgwScaleInAfter = "appgw.scale_in_after", time(min(5), s(0), h(24)),
                "How long a gateway needs fewer instances than it has before it scales in.",
                "No page says it. Less than the five minutes for which an instance is drained would undo a scale-in before it is over.";
            AppgwVanishedBackend = "appgw.vanished_backend", choice(Refused "refused", Silent "silent"),
                "What a gateway meets at a backend whose machine does not run: nobody takes the connection, which it answers with 502; or \
                 nothing comes back, as from one that does not answer, which v2 answers with 504.",
                "The page on 502 errors names what lets no connection through among the causes of a 502. No page says what a machine gives \
                 that is stopped or gone.";
        }
    };
}
pub(super) use with_names;
