//! The rows on Azure Load Balancer (Standard).

use super::table::rows;

rows! {
    LB_01: Documented, "LBp, LBb", Approximated,
        "Standard SKU probes are TCP, HTTP or HTTPS. Basic had TCP and HTTP only, was never usable as a probe for a scale set, and retired \
         on 30 September 2025.",
        "A Basic load balancer is refused in a run that begins after that; before, and where a file names no SKU, it probes as a Standard \
         one does. HTTPS is probed like HTTP.",
        ["input::legality::a_basic_balancer_is_refused"];
    LB_02: Documented, "LBp, LBm, LBapi", Exact,
        "The interval is in whole seconds, minimum 5. The portal's default is 5; the ARM schema's default when the field is omitted is 15.",
        ["input::legality::a_probe_goes_out_every_five_seconds_at_most"];
    LB_03: Documented, "LBp", Exact,
        "A TCP probe succeeds on a completed handshake and fails on a reset or on no answer; it has no timeout of its own: it counts as \
         failed when the interval has run out and the next probe goes out (effective timeout = interval).",
        ["proofs::balancer::a_tcp_probe_asks_for_a_handshake_and_waits_out_its_interval"];
    LB_04: Documented, "LBp", Exact,
        "An HTTP/HTTPS probe is a GET on the configured path; only status 200 succeeds. Every other code (204, 301, 404, 500 …) is a \
         failure. Timeout is min(interval, 30 s): with interval 120 s, silence fails the probe at 30 s.",
        ["proofs::balancer::only_200_is_good_and_a_probe_over_http_gives_up_after_30_s"];
    LB_05: PartlyInferred, "LBm, LBp", Exact,
        "For HTTP(S) probes a non-200 answer or a TCP reset takes the instance down at once, whatever count is configured: it is read as \
         \"the instance asks to leave\". For TCP probes a reset is a probe failure; that it takes the instance down at once is inferred, \
         and only silence needs counting (LB-09).",
        ["proofs::balancer::a_refusal_takes_a_backend_out_at_once"];
    LB_06: Contradicted, "LBpr97561, TF32645", Exact,
        "`numberOfProbes` still exists in the API (\"how many unanswered probes before traffic stops\"), but the platform stopped \
         honouring it and acts on one probe, as maintainers say and the reference does not; the portal dropped the field in 2022–23. \
         Terraform still defaults it to 2 and demands interval × count ≥ 10.",
        ["input::legality::the_number_of_probes_has_no_effect"];
    LB_07: Documented, "LBapi, TFLB", Approximated,
        "`probeThreshold` is the replacement that works: the same number of consecutive results is needed to leave rotation and to return \
         to it (symmetric). The schema states no default; Terraform gives default 1, range 1–100.",
        "A refusal takes a backend out at once whatever the threshold (LB-05), and without an answer it takes at least \
         `lb.silent_failures_down` probes.",
        ["proofs::balancer::the_threshold_counts_in_both_directions"];
    LB_08: PartlyInferred, "LBp", Approximated,
        "With threshold 1: one success after boot makes the backend eligible for new flows; one failure removes it. Time from \"app \
         answers 200\" to \"may get traffic\" is uniform in [0, interval) plus platform propagation.",
        "If the failure is a missing answer, `lb.silent_failures_down` failures are needed, and nothing is added for propagation.",
        ["proofs::balancer::a_backend_gets_users_within_an_interval_of_answering"];
    LB_09: Contradicted, "LBp, LBapi, MNT", Approximated,
        "On silence the sources conflict. One failure takes a backend down by the interval section of the probe page; two do by the same \
         page's failure table, by the API schema (\"two full probes\") and by the 2026 maintenance page (about 10 s at an interval of 5 \
         s).",
        "Of the conflicting sources one is followed: two missing answers by default (`lb.silent_failures_down`).",
        ["proofs::balancer::silence_takes_two_probes"];
    LB_10: Documented, "LBp", Approximated,
        "Flap damping: when a probe fluctuates, the balancer deliberately waits longer before it puts the endpoint back. The length is not \
         published.",
        "When a backend counts as flapping, and how long it is kept out of rotation, are assumptions (`lb.flap_changes`, `lb.flap_window`, \
         `lb.flap_hold_intervals`).",
        ["proofs::balancer::a_backend_that_flaps_waits_longer"];
    LB_11: Documented, "LBp, LBb", Exact,
        "Probes come from 168.63.129.16; an NSG or guest firewall that blocks it makes every probe fail by silence (so all backends go \
         down while the app is fine).",
        ["proofs::balancer::blocked_probes_take_every_backend_out_while_the_application_is_fine"];
    LB_12: Documented, "LBp", Approximated,
        "A stopped (deallocated) instance in the pool is not probed until it runs again; it is out of rotation meanwhile.",
        "It leaves rotation since it is not probed, after the assumption lb.leave_delay; its connections are cut at once.",
        ["proofs::balancer::what_is_stopped_is_not_probed_until_it_runs_again"];
    LB_13: Documented, "LBp", Approximated,
        "HTTP probes refuse ports 19, 21, 25, 70, 110, 119, 143, 220, 993. HTTPS probes need SHA-256 or better in the whole chain and \
         cannot present a client certificate.",
        "The certificates of HTTPS probes are not modelled.",
        ["input::legality::an_http_probe_refuses_ports_of_other_services"];
    LB_14: PartlyInferred, "LBp", Exact,
        "Through API/CLI/template a load-balancing rule may have no probe at all; only the portal insists. Without a probe every running \
         backend is always eligible.",
        ["proofs::balancer::without_a_probe_a_running_backend_gets_users"];
    LB_15: Documented, "LBi121106", Approximated,
        "Product-group advice: at most one probe per port per backend instance; two probes on the same port of one instance are an \
         unsupported set-up with undefined results. A VIP swap by ports 80 and 40080 is safe.",
        "Refused, since the results are undefined, unless `lb.two_probes_one_port` allows it; checked within one pool.",
        ["input::legality::one_probe_a_port"];
    LB_16: Inferred, "LBp", Exact,
        "The load balancer ignores provisioning state, extension state, upgrade state or the Application Health extension. A new \
         instance's NIC is in the pool from creation, and the first good probe sends it users, even while extensions or a release pipeline \
         still work on it.",
        ["proofs::balancer::users_come_while_the_extensions_still_run"];
    LB_17: Documented, "LBp", Approximated,
        "One instance probed down: new TCP flows go to the other healthy instances; established TCP flows to it stay until closed or \
         idle-timed-out; its UDP flows move to a healthy instance.",
        "UDP and the idle timeout of a single flow are not modelled.",
        ["proofs::balancer::connections_outlive_a_probe_that_fails"];
    LB_18: Documented, "LBp", Approximated,
        "All instances probed down: no new flows. Standard lets established TCP flows go on, provided the pool has more than one instance; \
         UDP flows all end; Basic cut everything.",
        "UDP and Basic load balancers are not modelled.",
        ["proofs::balancer::connections_outlive_the_last_probe_that_fails"];
    LB_19: Inferred, "LBp", Exact,
        "Pool of exactly one instance probed down: the \"established flows continue\" promise is not made, so the flows count as cut.",
        ["proofs::balancer::connections_to_a_backend_that_is_alone_are_cut"];
    LB_20: Documented, "LBapi, AZCLI29136", Exact,
        "`noHealthyBackendsBehavior`: `AllProbedDown` (default, as LB-18) or `AllProbedUp` (API 2024-01-01+): when every instance is \
         probed down, new packets are spread over all of them.",
        ["proofs::balancer::all_probed_up_spreads_over_everyone"];
    LB_21: Inferred, "LB-17, LBi57947", Approximated,
        "Client keep-alive defeats probe-down: HTTP clients that reuse a TCP connection keep hitting a drained or old-version instance \
         after the probe fails. A reporter waited 35 s on 503 and still saw requests.",
        "In the ledger the connections to a backend last until `client.keepalive_cap`; only the measures model how they decrease before \
         that.",
        ["proofs::balancer::kept_connections_linger_until_their_cap"];
    LB_22: Documented, "LBi26619, LBp", Approximated,
        "There is no connection-draining feature in Azure Load Balancer; the product answer is \"fail the probe and let flows finish\". \
         Draining is therefore: fail probe or admin-state Down → wait → delete.",
        "`drainPeriodInSeconds`, which the API accepts and no page explains, gives a warning and has no effect.",
        ["input::legality::nothing_drains"];
    LB_23: Inferred, "TNDOC, LB-22", Approximated,
        "Deleting an instance (scale-in, repair-replace, upgrade with delete) takes its NIC and its flows with it: no grace unless \
         terminate notification (SE-20) is on. In-flight requests on it are lost.",
        "Requests in flight at the instant of the deletion are not counted as lost.",
        ["proofs::balancer::a_deletion_takes_the_connections_with_it"];
    LB_24: Documented, "LBd", Approximated,
        "Distribution: default hash on 5 fields (source IP, source port, destination IP, destination port, protocol); `SourceIP` = 2 \
         fields; `SourceIPProtocol` = 3 fields. No weights, no least-connections, no round robin.",
        "Users are modelled as a fluid that is spread evenly, as many clients are on average with any number of fields.",
        ["proofs::balancer::new_connections_are_spread_evenly"];
    LB_25: Documented, "LBd", Approximated,
        "Hash stickiness lasts one transport session; a client's next connection (new source port) may land elsewhere. With 2- or 3-tuple \
         mode a client stays on one backend as long as the pool is stable.",
        "Users use only TCP, so two and three fields are one mode; clients that a probe displaces are redistributed whenever the rotation \
         changes; requests are spread evenly, as over many clients.",
        ["measures::users_who_stay_on_one_backend_are_harmed_by_it_alone"];
    LB_26: Documented, "LBd", Approximated,
        "When a pool member is added or removed the mapping is recomputed: even affinity clients may move, for new connections. Changing \
         the mode itself causes no downtime.",
        "All clients are mapped again, independently of before; the mode cannot be changed during a run.",
        ["proofs::balancer::clients_are_mapped_anew_when_the_pool_changes"];
    LB_27: Contradicted, "LBr", Approximated,
        "Idle timeout for a load-balancing or inbound NAT rule: default 4 min, settable 4–100 min; older pages say 4–30. On idle the flow \
         is silently dropped unless TCP reset is enabled; then both ends get RST, in ESTABLISHED state only and never for HA-ports \
         internal rules, and UDP rules ignore the timeout.",
        "The reset ends flows that hang on a backend that no longer exists (`lb.tcp_reset_ends_hung`); a separate measure counts flows \
         that are dropped as idle; UDP and inbound NAT are not modelled.",
        ["proofs::balancer::a_reset_ends_what_hangs_on_a_backend_that_is_gone", "measures::an_idle_connection_is_dropped_in_silence"];
    LB_28: Documented, "MNT", Approximated,
        "During a host freeze or live migration the balancer sends no RST to active flows; they hang until the guest's TCP stack gives up \
         (Linux default ≈15 min, Windows ≈25–50 s).",
        "How long a client waits is an assumption (`client.tcp_gives_up`), one value for all clients.",
        ["proofs::balancer::connections_to_a_frozen_backend_hang"];
    LB_29: Documented, "LBa", Approximated,
        "Admin state per backend-pool member: `Up` = always eligible, probe ignored; `Down` = no new connections, established TCP \
         persists, UDP moves; `None` = obey the probe. Works only on rules that have a probe; not for inbound NAT rules; cannot be set \
         while creating a NIC-based pool; an instance in two pools has two states.",
        "Only pipelines write it, `Down` and `None` but never `Up`, and the same in every pool of an instance; UDP is not modelled.",
        ["proofs::balancer::admin_state_down_holds_a_good_backend_back"];
    LB_30: Documented, "LBb", Approximated,
        "A pool should hold at least two instances; a zone-redundant frontend survives a zone outage in the data path, so a zone outage \
         only removes that zone's backends.",
        "A warning is given for a pool of one instance, and for a frontend of one zone, which is treated as zone-redundant.",
        ["input::legality::a_pool_holds_two_and_its_frontend_is_in_every_zone"];
}
