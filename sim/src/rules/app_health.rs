//! The rows on the Application Health extension.

use super::table::rows;

rows! {
    HD_01 = HD 1, PartlyInferred, "AH, AH2",
        "`protocol`: http, https or tcp; without a protocol the extension always reports Healthy (inferred from its \
         source).",
        Absent, [];

    HD_02 = HD 2, Documented, "AH, AH2",
        "`port`: mandatory for tcp, optional for http(s) (80/443); 1–65535.",
        Absent, [];

    HD_03 = HD 3, Documented, "AH, AH2",
        "`requestPath`: mandatory for http(s), forbidden for tcp.",
        Absent, [];

    HD_04 = HD 4, Documented, "AH, AH2",
        "`intervalInSeconds`: 5–60, default 5.",
        Absent, [];

    HD_05 = HD 5, Documented, "AH, AH2",
        "`numberOfProbes`: 1–24, default 1, consecutive equal results needed to change state.",
        Absent, [];

    HD_06 = HD 6, Contradicted, "AH, CMET",
        "`gracePeriod` (rich states only): default interval × `numberOfProbes`; maximum 14,400 s. The custom-metrics \
         page still has 7,200 s.",
        Absent, [];

    HD_07 = HD 7, Inferred, "AH2",
        "`gracePeriod` is at least 5 s; an explicit 0 is rejected by the schema.",
        Absent, [];

    HD_08 = HD 8, Inferred, "AH2, AH1",
        "`intervalInSeconds` × `numberOfProbes` must not exceed 240 s (version 2) or 120 s (version 1), else the \
         extension refuses its configuration: 60 × 24 is illegal.",
        Absent, [];

    HD_09 = HD 9, Documented, "AH, AH1",
        "`typeHandlerVersion` 1.0 means binary states, 2.0 rich states; version 1 knows no `gracePeriod`.",
        Absent, [];

    HD_10 = HD 10, Documented, "AH",
        "600 is the example in the documented JSON, not the default; with all defaults the grace period is 5 s.",
        Absent, [];

    HD_11 = HD 11, Contradicted, "AH2, CMET",
        "A `gracePeriod` of 7,200 s was the maximum until September 2023 and still stands on the custom-metrics page.",
        Absent, [];

    HD_12 = HD 12, Inferred, "AH2, AH1",
        "Probes go to localhost inside the VM; https certificates are not verified; redirects are failures; timeout \
         30 s for connect/response.",
        Absent, [];

    HD_13 = HD 13, Inferred, "AH2",
        "Probes run one after another: period = max(interval, probe duration); a hanging endpoint gives one result \
         each 30 s, not each 5 s.",
        Absent, [];

    HD_14 = HD 14, Documented, "AH, AH1",
        "States Healthy, Unhealthy only. HTTP: exactly status 200 is Healthy; everything else incl. 204 or \
         unreachable is Unhealthy. TCP: handshake done = Healthy.",
        Absent, [];

    HD_15 = HD 15, Inferred, "AH1",
        "Before the first commit nothing is reported. First Healthy result commits at once; a first Unhealthy needs \
         `numberOfProbes` results.",
        Absent, [];

    HD_16 = HD 16, Documented, "AH",
        "Afterwards a change needs `numberOfProbes` consecutive opposite results.",
        Absent, [];

    HD_17 = HD 17, Documented, "AH",
        "No Initializing: a fresh slow-booting VM shows Unhealthy while the app starts.",
        Absent, [];

    HD_20 = HD 20, Documented, "AH",
        "States Initializing, Healthy, Unhealthy, Unknown (Unknown never on TCP).",
        Absent, [];

    HD_21 = HD 21, Documented, "AH, AH2",
        "HTTP result per probe: 2xx and body `ApplicationHealthState` = \"Healthy\" → Healthy; 2xx and \"Unhealthy\" \
         → Unhealthy; non-2xx, timeout, unreachable, redirect, unparsable body, missing or other value → Unknown.",
        Absent, [];

    HD_22 = HD 22, Documented, "AH",
        "So a dead application or a 500 is Unknown, never Unhealthy; Unhealthy must be said on purpose.",
        Absent, [];

    HD_23 = HD 23, Inferred, "AH2",
        "Body key case does not matter, value case does; \"Initializing\" or \"Unknown\" as a reported value is \
         invalid → Unknown.",
        Absent, [];

    HD_24 = HD 24, Documented, "AH",
        "TCP: handshake → Healthy, else Unhealthy.",
        Absent, [];

    HD_25 = HD 25, Documented, "AH",
        "Initializing begins at extension start, once per start. It ends when one same state has come \
         `numberOfProbes` times in a row, or when the grace period ends: then in Unknown (HTTP) or Unhealthy (TCP).",
        Absent, [];

    HD_26 = HD 26, Contradicted, "AH2, AH",
        "In HD-25's first case the state must differ from the fallback state of the second: HTTP may leave by Healthy \
         or Unhealthy, TCP only by Healthy. The extension's page says that TCP may also leave to Unhealthy.",
        Absent, [];

    HD_27 = HD 27, Inferred, "AH2",
        "At expiry the fallback is committed at once, without `numberOfProbes`, even if that very probe was Healthy; \
         leaving it then needs a full run.",
        Absent, [];

    HD_28 = HD 28, Inferred, "AH2",
        "The grace clock is checked after each probe; expiry is seen at the first probe finishing at or after \
         `gracePeriod`.",
        Absent, [];

    HD_29 = HD 29, Inferred, "AH2",
        "A restart of the extension process (VM reboot, reimage, new settings, extension upgrade) starts a new grace \
         period and Initializing.",
        Absent, [];

    HD_30 = HD 30, Inferred, "AH2",
        "First probe is at extension start, no initial delay: with N probes and interval t an always-good app is \
         Healthy at (N−1)·t.",
        Absent, [];

    HD_31 = HD 31, Inferred, "HD-06, HD-27",
        "With the default grace (t·N) the first N probes must all agree (HTTP: all Healthy or all Unhealthy; TCP: all \
         Healthy); otherwise the state becomes Unknown (HTTP) or Unhealthy (TCP) at about t·N. Set an explicit grace \
         period.",
        Absent, [];

    HD_32 = HD 32, Documented, "AH, AH2",
        "In steady state a counter of equal results runs; a different result resets it to 1; at N the state is \
         committed. Transitions Healthy↔Unhealthy↔Unknown all use N.",
        Absent, [];

    HD_33 = HD 33, Inferred, "AH2",
        "Extension status: `AppHealthStatus` (Initializing and Healthy → success, Unhealthy and Unknown → error), \
         `ApplicationHealthState` (Initializing → transitioning, Unknown → error, others success), optional \
         `CustomMetrics`.",
        Absent, [];

    HD_34 = HD 34, Documented, "AZCLI15018, AH",
        "Instance view property `vmHealth.status.code` e.g. `HealthState/unhealthy`. It is missing until the instance \
         runs the model with the extension.",
        Absent, [];

    HD_35 = HD 35, Documented, "CMET",
        "Rich states over HTTP(S) only; body key `customMetrics` is a string holding JSON such as \
         `{\"rollingUpgrade\":{\"PhaseOrderingNumber\":0,\"SkipUpgrade\":false}}`.",
        Absent, [];

    HD_36 = HD 36, Inferred, "AH2",
        "A JSON object instead of a string makes the whole body unparsable, so the health result becomes Unknown. A \
         string that is not a JSON object only marks the custom-metric substatus as error; health is unaffected.",
        Absent, [];

    HD_37 = HD 37, Documented, "CMET",
        "Read once at upgrade start; later changes wait for the next upgrade.",
        Absent, [];

    HD_38 = HD 38, Documented, "CMET",
        "`SkipUpgrade=true` leaves the instance out; phases per RU-23.",
        Absent, [];

    HD_39 = HD 39, Documented, "CMET",
        "The instance must report Healthy to be included when metrics are used; this sits badly with prioritising \
         unhealthy instances.",
        Absent, [];

    HD_40 = HD 40, Documented, "CMET",
        "Works with OS, extension and surge upgrades.",
        Absent, [];

    HD_41 = HD 41, Documented, "AH",
        "Meaning of a state (for rolling upgrade; for repairs). Initializing: wait; not repaired. Healthy: healthy; \
         not repaired. Unhealthy: unhealthy; repaired. Unknown: unhealthy; repaired.",
        Absent, [];

    HD_42 = HD 42, Documented, "AH, AOS",
        "On Unknown \"rolling upgrades pause until Healthy again\", in the words of the extension's page; the \
         thresholds of RU-29 and RU-31 decide whether that pause becomes an abort.",
        Absent, [];

    HD_43 = HD 43, Documented, "AH2, WALA",
        "Latency inside the VM: up to interval × numberOfProbes, plus the Linux agent's status period, default 6 s.",
        Absent, [];

    HD_44 = HD 44, NotDocumented, "none",
        "How long a health state takes from the agent to the orchestrator is not documented (P-32).",
        Absent, [];

    HD_45 = HD 45, Documented, "AH",
        "The extension is in the model: adding or changing it is itself a model change that must reach instances \
         before health exists.",
        Absent, [];

    HD_46 = HD 46, NotDocumented, "none",
        "A VM whose extension has not run reports no health; the effect on gates is not documented (P-09).",
        Absent, [];

    HD_47 = HD 47, PartlyInferred, "FAQ, AH2",
        "Service-healed (rebooted) VMs do not rerun provisioning extensions, but the health extension's process \
         starts again with the agent (HD-29).",
        Absent, [];
}
