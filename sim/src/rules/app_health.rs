//! The rows on the Application Health extension.

use super::table::rows;

rows! {
    HD_01: PartlyInferred, "AH, AH2", Exact,
        "`protocol`: http, https or tcp; without a protocol the extension always reports Healthy (inferred from its source).",
        ["proofs::health::without_a_protocol_everything_is_healthy", "input::health::without_a_protocol_a_warning"];
    HD_02: Documented, "AH, AH2", Approximated,
        "`port`: mandatory for tcp, optional for http(s) (80/443); 1–65535.",
        "The port is checked but not distinguished: every port of an instance gives the same answers.",
        ["input::health::the_port_is_checked"];
    HD_03: Documented, "AH, AH2", Exact,
        "`requestPath`: mandatory for http(s), forbidden for tcp.",
        ["input::health::the_path_goes_with_the_protocol"];
    HD_04: Documented, "AH, AH2", Exact,
        "`intervalInSeconds`: 5–60, default 5.",
        ["input::health::the_interval_has_a_range"];
    HD_05: Documented, "AH, AH2", Exact,
        "`numberOfProbes`: 1–24, default 1, consecutive equal results needed to change state.",
        ["input::health::the_number_of_probes_has_a_range"];
    HD_06: Contradicted, "AH, CMET", Exact,
        "`gracePeriod` (rich states only): default interval × `numberOfProbes`; maximum 14,400 s. The custom-metrics page still has 7,200 \
         s.",
        ["input::health::the_grace_period_has_a_maximum"];
    HD_07: Inferred, "AH2", Exact,
        "`gracePeriod` is at least 5 s; an explicit 0 is rejected by the schema.",
        ["input::health::the_grace_period_has_a_minimum"];
    HD_08: Inferred, "AH2, AH1", Exact,
        "`intervalInSeconds` × `numberOfProbes` must not exceed 240 s (version 2) or 120 s (version 1), else the extension refuses its \
         configuration: 60 × 24 is illegal.",
        ["input::health::interval_times_probes_has_a_limit"];
    HD_09: Documented, "AH, AH1", Exact,
        "`typeHandlerVersion` 1.0 means binary states, 2.0 rich states; version 1 has no `gracePeriod`.",
        ["input::health::the_version_says_which_states_there_are"];
    HD_10: Documented, "AH", Exact,
        "600 is the example in the documented JSON, not the default; with all defaults the grace period is 5 s.",
        ["proofs::health::with_all_defaults_the_grace_period_is_5_s"];
    HD_11: Contradicted, "AH2, CMET", Approximated,
        "A `gracePeriod` of 7,200 s was the maximum until September 2023 and is still on the custom-metrics page.",
        "14,400 s is used as the maximum, with a warning above 7,200 s.",
        ["input::health::a_disputed_grace_period_is_a_warning"];
    HD_12: Inferred, "AH2, AH1", Approximated,
        "Probes go to localhost inside the VM; https certificates are not verified; redirects are failures; timeout 30 s for \
         connect/response.",
        "Certificates are not modelled.",
        ["proofs::health::a_probe_waits_30_s", "health::runs::a_firewall_that_blocks_the_balancer_does_not_come_between"];
    HD_13: Inferred, "AH2", Exact,
        "Probes run one after another: period = max(interval, probe duration); a hanging endpoint gives one result each 30 s, not each 5 \
         s.",
        ["proofs::health::probes_wait_for_each_other"];
    HD_14: Documented, "AH, AH1", Exact,
        "Binary states are Healthy and Unhealthy only. HTTP: exactly status 200 is Healthy; everything else including 204 or unreachable \
         is Unhealthy. TCP: handshake done is Healthy.",
        ["proofs::health::version_1_takes_exactly_200"];
    HD_15: Inferred, "AH1", Exact,
        "Binary states: before the first commit nothing is reported. A first Healthy result commits at once; a first Unhealthy needs \
         `numberOfProbes` results.",
        [
            "proofs::health::version_1_trusts_a_first_healthy",
            "health::machine::version_1_trusts_a_first_healthy_and_counts_everything_else",
        ];
    HD_16: Documented, "AH", Exact,
        "Binary states: after the first commit a change needs `numberOfProbes` consecutive opposite results.",
        ["proofs::health::version_1_changes_after_n_in_a_row"];
    HD_17: Documented, "AH", Exact,
        "Binary states have no Initializing: a fresh slow-booting VM shows Unhealthy while the app starts.",
        ["proofs::health::version_1_calls_a_slow_start_unhealthy"];
    HD_20: Documented, "AH", Exact,
        "Rich states are Initializing, Healthy, Unhealthy and Unknown (Unknown never on TCP).",
        ["proofs::health::unhealthy_and_unknown_differ"];
    HD_21: Documented, "AH, AH2", Exact,
        "Rich states over HTTP, per probe: 2xx and body `ApplicationHealthState` \"Healthy\" is Healthy; 2xx and \"Unhealthy\" is \
         Unhealthy; non-2xx, timeout, unreachable, redirect, unparsable body, missing or other value is Unknown.",
        ["proofs::health::the_body_says_what_health_is"];
    HD_22: Documented, "AH", Exact,
        "With rich states over HTTP a dead application or a 500 is Unknown, never Unhealthy; Unhealthy must be reported on purpose.",
        ["proofs::health::a_dead_application_is_unknown"];
    HD_23: Inferred, "AH2", Exact,
        "Rich states: the case of the body's key does not matter, that of the value does; \"Initializing\" or \"Unknown\" as a reported \
         value is invalid and gives Unknown.",
        ["proofs::health::the_case_of_the_word_matters"];
    HD_24: Documented, "AH", Exact,
        "Rich states over TCP: handshake done is Healthy, anything else Unhealthy.",
        ["proofs::health::over_tcp_a_refusal_is_unhealthy"];
    HD_25: Documented, "AH", Exact,
        "Initializing begins at extension start, once per start. It ends when one same state has come `numberOfProbes` times in a row, or \
         when the grace period ends: then in Unknown (HTTP) or Unhealthy (TCP).",
        [
            "proofs::health::initializing_lasts_until_results_agree",
            "health::machine::the_published_vector_of_two_probes_every_10_s_and_600_s_of_grace",
        ];
    HD_26: Contradicted, "AH2, AH", Exact,
        "In HD-25's first case the state must differ from the fallback state of the second: HTTP may leave by Healthy or Unhealthy, TCP \
         only by Healthy. The extension's page says that TCP may also leave to Unhealthy.",
        ["proofs::health::tcp_leaves_initializing_only_by_healthy", "health::machine::the_published_vector_of_tcp_that_always_fails"];
    HD_27: Inferred, "AH2", Exact,
        "At expiry the fallback is committed at once, without `numberOfProbes`, even if that very probe was Healthy; leaving it then needs \
         a full run.",
        [
            "proofs::health::at_expiry_the_fallback_is_committed_whatever_the_probe_said",
            "health::machine::the_published_vector_of_three_probes_every_5_s",
        ];
    HD_28: Inferred, "AH2", Exact,
        "The grace clock is checked after each probe; expiry is seen at the first probe finishing at or after `gracePeriod`.",
        ["proofs::health::the_grace_clock_is_looked_at_when_a_probe_ends"];
    HD_29: Inferred, "AH2", Exact,
        "A restart of the extension process (VM reboot, reimage, new settings, extension upgrade) starts a new grace period and \
         Initializing.",
        ["proofs::modes::on_a_new_disk_health_begins_anew"];
    HD_30: Inferred, "AH2", Exact,
        "First probe is at extension start, no initial delay: with N probes and interval t an always-good app is Healthy at (N−1)·t.",
        ["proofs::health::the_first_probe_goes_out_at_the_start"];
    HD_31: Inferred, "HD-06, HD-27", Exact,
        "With the default grace (t·N) the first N probes must all agree (HTTP: all Healthy or all Unhealthy; TCP: all Healthy); otherwise \
         the state becomes Unknown (HTTP) or Unhealthy (TCP) at about t·N. Set an explicit grace period.",
        ["proofs::health::by_default_the_first_probes_must_all_agree", "input::health::a_default_grace_period_is_a_warning"];
    HD_32: Documented, "AH, AH2", Exact,
        "In steady state a counter of equal results runs; a different result resets it to 1; at N the state is committed. Transitions \
         Healthy↔Unhealthy↔Unknown all use N.",
        ["proofs::health::a_change_takes_n_in_a_row", "health::machine::counting_and_ticking_agree_on_random_histories"];
    HD_33: Inferred, "AH2", Approximated,
        "Extension status: `AppHealthStatus` (Initializing and Healthy → success, Unhealthy and Unknown → error), `ApplicationHealthState` \
         (Initializing → transitioning, Unknown → error, others success), optional `CustomMetrics`.",
        "Custom metrics have their effect but are not shown.",
        ["status::around::the_health_extension_says_what_it_found"];
    HD_34: Documented, "AZCLI15018, AH", Exact,
        "Instance view property `vmHealth.status.code` e.g. `HealthState/unhealthy`. It is missing until the instance runs the model with \
         the extension.",
        [
            "proofs::health::health_is_missing_until_the_extension_has_run",
            "status::instances::vm_health_is_missing_until_the_extension_has_run",
        ];
    HD_35: Documented, "CMET", Exact,
        "Custom metrics come with rich states over HTTP(S) only; the body's key `customMetrics` is a string holding JSON such as \
         `{\"rollingUpgrade\":{\"PhaseOrderingNumber\":0,\"SkipUpgrade\":false}}`.",
        ["input::health::custom_metrics_are_a_string_that_holds_json"];
    HD_36: Inferred, "AH2", Exact,
        "A JSON object instead of a string makes the whole body unparsable, so the health result becomes Unknown. A string that is not a \
         JSON object only marks the custom-metric substatus as error; health is unaffected.",
        [
            "proofs::health::metrics_that_are_an_object_make_the_body_unreadable",
            "input::health::custom_metrics_are_a_string_that_holds_json",
        ];
    HD_37: Documented, "CMET", Approximated,
        "Custom metrics are read once at upgrade start; later changes wait for the next upgrade.",
        "They are read from the answer at that instant, not from the last probe.",
        ["proofs::surge::metrics_are_read_once"];
    HD_38: Documented, "CMET", Exact,
        "The custom metric `SkipUpgrade=true` leaves the instance out of the upgrade; phases are those of RU-23.",
        ["proofs::surge::who_says_so_is_left_out"];
    HD_39: Documented, "CMET", Exact,
        "The instance must report Healthy to be included when metrics are used; this sits badly with prioritising unhealthy instances.",
        ["proofs::surge::with_metrics_only_the_healthy_take_part"];
    HD_40: Documented, "CMET", Exact,
        "Custom metrics work with OS, extension and surge upgrades.",
        ["proofs::surge::metrics_count_for_surges_too"];
    HD_41: Documented, "AH", Exact,
        "What a state means for rolling upgrades and repairs: Initializing makes upgrades wait and is not repaired; Healthy is healthy and \
         not repaired; Unhealthy and Unknown are unhealthy and repaired.",
        ["proofs::rollout::initializing_is_not_unhealthy"];
    HD_42: Documented, "AH, AOS", Exact,
        "On Unknown \"rolling upgrades pause until Healthy again\", in the words of the extension's page; the thresholds of RU-29 and \
         RU-31 decide whether that pause becomes an abort.",
        ["proofs::rollout::unknown_is_waited_for"];
    HD_43: Documented, "AH2, WALA", Exact,
        "Latency of a health state inside the VM: up to `intervalInSeconds` × `numberOfProbes`, plus the Linux agent's status period, \
         default 6 s.",
        [
            "proofs::health::the_agent_reports_at_its_own_pace",
            "health::runs::detection_takes_the_rest_of_the_interval_and_n_minus_1_more",
            "health::runs::the_agent_reports_what_holds_at_its_turn",
        ];
    HD_44: NotDocumented, "none", Approximated,
        "How long a health state takes from the agent to the orchestrator is not documented.",
        "The assumption health.platform_delay decides.",
        ["proofs::health::the_platform_takes_its_time"];
    HD_45: Documented, "AH", Exact,
        "The extension is in the model: adding or changing it is itself a model change that must reach instances before health exists.",
        ["proofs::modes::health_comes_with_the_model"];
    HD_46: NotDocumented, "none", Approximated,
        "A VM whose extension has not run reports no health; the effect on gates is not documented.",
        "The assumptions rolling.unmonitored_health and rolling.not_reporting_health decide.",
        ["proofs::modes::who_says_nothing_closes_the_gate"];
    HD_47: PartlyInferred, "FAQ, AH2", Exact,
        "Service-healed (rebooted) VMs do not rerun provisioning extensions, but the health extension's process starts again with the \
         agent (HD-29).",
        ["proofs::modes::after_a_restart_the_health_extension_starts_again"];
}
