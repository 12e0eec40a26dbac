//! The rows on Application Gateway, Traffic Manager and Front Door.

use super::table::rows;

rows! {
    AG_01: Documented, "AGp", Approximated,
        "Default probe of Application Gateway: interval 30 s, timeout 30 s, unhealthy threshold 3, GET `<protocol>://127.0.0.1:<port>/`; \
         200–399 counts as healthy.",
        "Hosts are all one: the probe asks for `/`, wherever the application answers it.",
        ["proofs::gateway::the_default_probe_takes_200_to_399"];
    AG_02: PartlyInferred, "AGp, arithmetic", Exact,
        "Application Gateway v2 waits a whole interval between the repeat probes; v1 fires the repeats in quick succession. Down-detection \
         on v2 lies between 2·interval and 3·interval + timeout (defaults: 60–120 s).",
        ["proofs::gateway::a_backend_is_down_after_its_threshold"];
    AG_03: Documented, "AGp", Exact,
        "One good response puts a backend back in service at once; the up-threshold is always 1.",
        ["proofs::gateway::one_good_answer_brings_a_backend_back"];
    AG_04: Documented, "AGp", Approximated,
        "Every gateway instance and every listener probes on its own: instances × listeners probes per interval, and each gateway instance \
         has its own opinion for up to one interval.",
        "Listeners that lead to one pool by one backend setting share a probe, as the newest page has it: it counts by pair of backend and \
         setting. Users of a listener meet the mean of its instances; while these use other backends and demand changes, or users with a \
         cookie move, what one sheds is that of the beginning.",
        ["proofs::gateway::every_instance_of_a_gateway_has_its_own_opinion"];
    AG_05: Documented, "AGp, AGpr103445", Approximated,
        "Custom probe: path, host, port (v2), interval, timeout, unhealthy threshold (0–20 accepted), accepted status codes/ranges, body \
         substring up to 4,090 characters.",
        "Hosts and ports are all one. The text is looked for as it is written: whether its case matters is not published. A body of which \
         the scenario does not say what it is counts as having it, which is a warning.",
        ["proofs::gateway::a_probe_says_which_codes_are_good", "proofs::gateway::a_probe_looks_for_a_text_in_the_body"];
    AG_06: Documented, "AGs", Approximated,
        "Connection draining: 30 s applies even when it is \"not enabled\"; enabled it is 1–3,600 s. New requests stop at once, old ones \
         finish within the limit.",
        "What is old is a user with a cookie or a web socket: any other request takes no time, so none of them is in flight. A backend that \
         is probed down is drained no longer. Where the limit is written during a run, a drain that has begun keeps its own.",
        ["proofs::gateway::a_backend_that_is_removed_is_drained", "proofs::gateway::a_write_changes_how_long_a_backend_is_drained"];
    AG_07: Contradicted, "AGs, AGf", Approximated,
        "Which removals drain is contradictory: the 2023 features page lists removal, probe-unhealthy and scale-in; the 2025 settings page \
         says only explicit removal from the pool.",
        "Removal and scale-in drain; whether a backend that is probed unhealthy does, is assumed (`appgw.drain_on_unhealthy`).",
        ["proofs::gateway::a_backend_that_is_probed_down_is_not_drained"];
    AG_08: Documented, "AGs, AGf", Approximated,
        "Draining is invoked by every configuration update, and an update ends connections that outlive the drain timeout.",
        "Only web sockets are connections that last. Their lives are exponential (`client.keepalive`), so of each backend the same share is \
         as old; each is made anew at once. Of a listener with cookies a new one finds the backend of the old.",
        ["proofs::gateway::an_update_ends_what_outlives_its_drain"];
    AG_09: Documented, "AGs", Approximated,
        "Requests bound by gateway cookie affinity go on being sent to a deregistering backend during the drain.",
        "A user keeps the cookie for an exponential time (`appgw.session`), and how many users are harmed is counted as if they were bound to \
         none. A request that gets no answer is tried again elsewhere (AG-10), and the cookie stays as it is.",
        ["proofs::gateway::whoever_has_a_cookie_stays_on_a_backend_that_is_drained"];
    AG_10: Documented, "AG5", Approximated,
        "Backend request timeout (default 20 s) over: v1 answers 502; v2 tries once more on a second backend, then answers 504.",
        "A backend that hangs, is frozen or cut off does not answer in time, nor does one that answers all its users as late as \
         `requestTimeout`. One whose process is down takes no connection, which is 502; what a machine gives that does not run is assumed \
         (`appgw.vanished_backend`). v2 tries either a second time, and the second try decides. An error that a backend answers is passed \
         on, and not tried again; so is what a backend sheds that has too much. How long the user waits for the 502 or 504 is not counted.",
        ["proofs::gateway::a_request_is_tried_a_second_time", "proofs::gateway::what_gets_no_answer_is_502_of_v1_and_504_of_v2",
         "proofs::gateway::a_write_changes_how_long_a_gateway_waits"];
    AG_11: Documented, "AG5", Exact,
        "Empty pool, or all backends unhealthy → 502 to every request (no fail-open).",
        ["proofs::gateway::without_a_healthy_backend_every_request_fails"];
    AG_12: Documented, "AGz, AGpr", Approximated,
        "Application Gateway v2 with `autoscaleConfiguration` keeps between `minCapacity` and `maxCapacity` instances (two where the first is \
         0), as its load needs. An instance takes about 10 capacity units. A capacity unit is what comes first of 2,500 persistent \
         connections, 2.22 Mbps and one compute unit: 50 new TLS connections a second of `Standard_v2`, 10 requests a second of `WAF_v2`.",
        "Each request counts as a connection (`appgw.unit_rps`, `appgw.unit_rps_waf`), but for those of web sockets with `users`: each user \
         keeps one. Bytes count where the traffic gives `bytesPerRequest`. What an instance that has more than its load delays or \
         loses is not modelled: `gateways.short_s` says for how long there were too few. Where a write changes the bounds, what is beyond \
         the most is drained at once (AG-14), and what lacks to the least is made (AG-13). A gateway is not billed.",
        ["proofs::gateway::a_gateway_has_as_many_instances_as_its_load_needs",
         "proofs::gateway::a_write_changes_how_many_instances_a_gateway_has"];
    AG_13: Documented, "AGz, AGh", Approximated,
        "New instances of a gateway take three to five minutes until they are ready to take traffic.",
        "How long is drawn for each scale-out (`appgw.scale_out`), which begins at once, beside others that are under way. A new instance \
         knows its backends as they answer when it is ready. Web sockets and cookies are spread with the requests, at once.",
        ["proofs::gateway::a_gateway_takes_minutes_to_scale_out"];
    AG_14: Documented, "AGz", Approximated,
        "A gateway that scales in drains the instances that it removes for five minutes: new connections go to the others. Then what is \
         open is closed, and they are removed.",
        "When it scales in is not published: after it has needed fewer instances for `appgw.scale_in_after`, and to as many as it needs \
         then. If more are needed while instances are drained, those take requests again. A web socket of an instance that is drained is \
         taken over by another one at once.",
        ["proofs::gateway::an_instance_of_a_gateway_is_drained_for_five_minutes"];
    TM_01: Documented, "TM", Exact,
        "Traffic Manager probes every 30 s (default) or every 10 s (fast, dearer).",
        ["proofs::names::an_endpoint_is_probed_at_the_interval"];
    TM_02: Documented, "TM", Exact,
        "Tolerated failures 0–9, default 3; the endpoint is Degraded on failure number tolerated+1, consecutive; one success resets the \
         count.",
        ["proofs::names::the_failure_after_those_tolerated_degrades"];
    TM_03: Documented, "TM", Exact,
        "Probe timeout of Traffic Manager: 5–10 s (default 10) at an interval of 30 s, 5–9 s (default 9) at 10 s.",
        ["proofs::names::a_probe_waits_as_long_as_the_timeout"];
    TM_04: Documented, "TM", Approximated,
        "Success = 200 by default, or up to 8 configured code ranges; TCP: SYN-ACK. Other 2xx and redirects fail unless listed.",
        "A probe asks one of the backends in rotation, as a user would: where these would not all answer alike, which of them is drawn.",
        ["proofs::names::only_the_codes_that_are_listed_are_good"];
    TM_05: Documented, "TM", Approximated,
        "Probes come from several places and the consecutive count is kept per place, so the endpoint sees more probes than the interval \
         suggests.",
        "How many places there are and how many must agree is not published: `tm.places` and `tm.places_agree`.",
        ["proofs::names::each_place_counts_for_itself"];
    TM_06: PartlyInferred, "TM, DRdns, TMi104593", Exact,
        "Worst-case failover = interval + tolerated·interval + timeout + DNS TTL, with the next probe an interval after the last one was \
         sent. Defaults with TTL 30: 30+90+10+30 = 160 s; 10 s, 3, 5 s and TTL 10: 55 s; least (10 s, 0, 5 s, TTL 0): 15 s. If it goes out \
         an interval after the last one was over (`tm.next_probe`): (tolerated + 1)·(interval + timeout) + TTL, 190 s, 70 s and 15 s.",
        ["proofs::names::the_next_probe_goes_out_an_interval_after_the_last_was_sent"];
    TM_07: Documented, "TM, TMf", Approximated,
        "Traffic Manager is DNS only: established connections are never moved, and cached answers live out their TTL (0–2,147,483,647 s).",
        "Resolvers are groups that ask again as soon as their answer has expired. A name with kept connections is refused when a scenario is read. \
         An answer has no port: users come by the one that the scenario says, or by 443 or 80.",
        ["proofs::names::a_cached_answer_lives_out_its_ttl"];
    TM_08: Documented, "TM", Exact,
        "All endpoints Degraded → answers as if all were online (fail-open). `CheckingEndpoint` endpoints do receive traffic; `Disabled` \
         and `Stopped` do not; a disabled profile answers NXDOMAIN.",
        ["proofs::names::where_all_are_degraded_all_are_given_out"];
    TM_09: Documented, "TM", Exact,
        "Recovery of a Traffic Manager endpoint needs one good probe; then traffic returns as TTLs run out.",
        ["proofs::names::one_good_probe_brings_an_endpoint_back"];
    TM_10: Documented, "TM", Approximated,
        "Routing methods: Priority, Weighted, Performance (next closest region on failure), Geographic (no failover to another endpoint), \
         MultiValue (default 2 answers), Subnet.",
        "Where users are is what the scenario says (`from`). Of several addresses that `MultiValue` returns, users try one.",
        ["proofs::names::users_are_led_as_the_method_says"];
    TM_11: PartlyInferred, "TM, TMf", Approximated,
        "What is written of a profile counts for the probes and the answers after it. An endpoint that is disabled or removed is neither \
         probed nor given out; one that is enabled or added is `CheckingEndpoint` until its first probe is answered. \
         What a resolver holds it keeps for the TTL with which it was given.",
        "From when on a write counts is not published: when the control plane has answered it (`arm.write`). What was held of an endpoint \
         stays until a probe says otherwise; a place whose interval is another one begins anew, at a phase of its own. An endpoint that is \
         not there is played as one that is disabled, and the ledger calls it so.",
        ["proofs::names::a_new_ttl_is_for_the_answers_after_it"];
    AFD_01: Documented, "FDp", Approximated,
        "Probe method HEAD by default, interval 30 s in the worked example, only 200 is healthy, sent by every edge site; sites with no \
         user traffic probe less often.",
        "A HEAD request is answered as a GET. Only the sites at which users arrive are modelled, `frontdoor.edges` of them a group.",
        ["proofs::front_door::only_200_is_healthy"];
    AFD_02: Documented, "FDp, FDo, TFFD", Approximated,
        "Healthy if at least `SuccessfulSamplesRequired` of the last `SampleSize` samples are good; worked example 5 samples, 3 good, 30 s \
         → 150 s window. Defaults 4 and 3 for Standard/Premium (one provider version had 16 and 3), 4 and 2 for classic; classic probe \
         interval default 120 s. `probeIntervalInSeconds` is 240 s where nothing is written.",
        "Samples of before t = 0 are taken to agree with what the origin answers then; after a cold start they are good.",
        ["proofs::front_door::a_window_of_samples_decides"];
    AFD_03: Inferred, "AFD-02", Exact,
        "Detection time ≈ (SampleSize − SuccessfulSamplesRequired + 1)·interval after a healthy history; recovery ≈ \
         SuccessfulSamplesRequired·interval. To the instant: between one interval less and that, and the time of the last answer.",
        ["proofs::front_door::an_origin_is_found_and_comes_back_after_so_many_samples"];
    AFD_04: Contradicted, "FDp, FDi117586", Exact,
        "All origins failing → Front Door treats all as usable and round-robins over them (fail-open), unlike Azure LB (fail-closed by \
         default) and Application Gateway (502). A measurement of 2023 found that the priority still counts: `frontdoor.fail_open`.",
        ["proofs::front_door::where_all_fail_all_are_used"];
    AFD_05: Contradicted, "FDr", Approximated,
        "Order of choice: enabled+healthy → lowest priority number (1–5) → within latency sensitivity (page: default 0 ms = fastest only; \
         provider default for Standard/Premium: 50 ms) → weight (1–1000, default 50).",
        "The latency of an origin is what the scenario says, and does not grow with the time that it takes to answer. A second try at \
         another origin, where a connection fails, is not modelled: until an origin is found, the harm is overstated.",
        ["proofs::front_door::the_origin_is_chosen_by_priority_latency_and_weight"];
    AFD_06: Documented, "FDp", Approximated,
        "With a single enabled origin probes may be switched off and few are sent; health then means nothing. With several they may not.",
        "No probes at all are sent to an origin that is never enabled beside another.",
        ["proofs::front_door::a_single_origin_is_not_probed"];
    AFD_07: Contradicted, "FDf, FDi87532", Approximated,
        "A write to Front Door reaches its edge sites within minutes, and users of a site go where they went until then: the FAQ has said \
         3–20 min, up to 45 and up to 20; 20–30 min were seen. A write that comes while another is under way waits for it.",
        "When each site has it is drawn: `frontdoor.propagation`. Of an origin the state, the priority and the weight can be written, and origins \
         be added and removed: one that is not there is played as one that is disabled, and the ledger calls it so.",
        ["proofs::front_door::a_write_takes_minutes_and_the_next_one_waits"];
}
