//! The rows on the VIP swap between two scale sets.

use super::table::rows;

rows! {
    VS_01: Documented, "VS", Exact,
        "Set-up of the VIP-swap sample: two scale sets (slot0, slot1) in one backend pool; rule prod 80→80 with probe `http-probe`, rule \
         stage 40080→40080 with probe `http-probe-stage`, each probe path `/api/ping?slot=slotN`. The app answers 200 if the asked slot \
         equals its own, else 404.",
        ["proofs::vip_swap::an_instance_answers_for_its_own_slot"];
    VS_02: Documented, "VS", Exact,
        "An instance learns its slot once at start, from its host name through IMDS, so scale-out instances of either set join the right \
         slot with no extra step.",
        ["proofs::vip_swap::an_instance_that_is_new_knows_its_slot"];
    VS_03: PartlyInferred, "VS", Approximated,
        "The swap is three sequential control-plane writes: prod probe path, stage probe path, `ActiveSlot` tag. It is not atomic: between \
         write 1 and write 2 both rules point at the same slot, and a crash between them leaves the tag wrong (the next swap then goes \
         the same way once more, and the next image to the live slot).",
        "That a later swap reads the tag is not modelled: what is written stands in the scenario.",
        ["proofs::vip_swap::a_swap_is_several_writes_and_may_end_between_two"];
    VS_04: PartlyInferred, "VS, LB-02", Exact,
        "The sample's Terraform gives no probe interval, so provider and API defaults hold: 15 s. Its \"no downtime\" was tried by curl \
         once a second.",
        ["input::entry_points::a_probe_without_an_interval_goes_out_every_15_s"];
    VS_05: Inferred, "LB-05, LB-08", Exact,
        "Timeline after a path change commits at t0: each backend is re-probed at its own phase u ∈ [0, I). An old-slot backend answers \
         404 at its u and leaves at once (LB-05); a new-slot backend answers 200 and enters at its u (threshold 1). So both slots can be \
         up together (mixed versions), or neither.",
        ["proofs::vip_swap::a_path_that_is_written_is_asked_for_at_the_phase_of_each_backend"];
    VS_06: Inferred, "VS-05, arithmetic", Exact,
        "With k instances per slot and independent phases, the chance that some moment has neither slot up is 1 / C(2k, k): 1/2 for k = 1, \
         1/6 for k = 2 (the sample), 1/20 for k = 3. The gap is I/((2k+1)·C(2k,k)) in the mean over all swaps, I/(2k+1) in the mean when \
         one occurs and I at most; during it new connections are refused and established ones continue.",
        [
            "vip_swap::with_one_instance_a_slot_one_swap_in_two_leaves_nobody",
            "vip_swap::with_two_instances_a_slot_one_swap_in_six_leaves_nobody",
            "vip_swap::with_three_instances_a_slot_one_swap_in_twenty_leaves_nobody",
        ];
    VS_07: Inferred, "LB-05, LB-07", Exact,
        "`probeThreshold` t > 1 makes the swap worse, not safer: down on 404 is immediate, up needs t successes, so there always is a gap, \
         of I·((t - 1) - (k - 1)/(k + 1)) in the mean and below t·I.",
        ["vip_swap::with_a_threshold_every_swap_leaves_nobody"];
    VS_08: Inferred, "LB-17, LB-21", Exact,
        "After the swap old-slot established connections (keep-alive) go on showing the old version until closed or idle 4 min; a \
         version-mix metric must count them.",
        ["vip_swap::kept_connections_show_the_old_version_after_the_swap"];
    VS_09: Inferred, "VS-01, UM-06", Exact,
        "If a scale set also uses that LB probe as its VMSS health source, the idle slot is permanently \"unhealthy\": automatic repairs \
         would replace it and a rolling upgrade on it would be refused or halted. Give slots the Application Health extension instead.",
        ["vip_swap::the_idle_slot_is_repaired_until_repairs_are_suspended"];
    VS_10: Documented, "S3, VSb", Approximated,
        "Swapping the public IPs of two balancers instead costs about 1 min with the address answering nothing: detach IP from LB2, move, \
         re-attach (dissociated-in-between by construction).",
        "An address that is given to another balancer answers `lb.ip_swap_down` after it was taken, or when the write that gives it has its \
         effect, whichever is later. What is open is cut as the address is taken.",
        ["proofs::vip_swap::an_address_answers_nobody_while_it_moves"];
    VS_11: Documented, "VS", Approximated,
        "Application Gateway version swaps by routing rule, not by probe path: rule prod → other pool, then rule stage → other pool; \
         \"about 1 second\" of downtime while the gateway updates.",
        "Nobody is answered at the listeners whose rule the write changes; others do not notice, nor do those whose backend setting or probe \
         it changes. When a write has its effect is when it \
         returns (`appgw.update_v1`, `appgw.update_v2`). A pool that no rule leads to, as the first one between the two writes, is not \
         probed, and its backends are unknown when one does again.",
        ["proofs::vip_swap::a_gateway_answers_nobody_while_its_rule_changes"];
    VS_12: Documented, "VS", Approximated,
        "Application Gateway alternative: re-point each VMSS model's backend pool and let instances update; no downtime but about 2 min, \
         with answers from both versions meanwhile (a rolling update rather than a swap).",
        "How long it takes is what a gateway takes to know of each instance (`appgw.update_v1`, `appgw.update_v2`) and its probe to find it, \
         drawn for each by itself, and an update does not wait for the one before: so an old slot may leave before the new one is in, and \
         for a moment nobody answers.",
        ["proofs::vip_swap::an_instance_changes_pools_with_its_model"];
    VS_13: Documented, "VS", Approximated,
        "Gateway parameters of the VIP-swap sample: Standard_v2 capacity 1, probe `/api/test` with interval 15 s, timeout 5 s and \
         threshold 3, request timeout 5 s; scale sets of two Standard_D2s_v3, Automatic upgrade mode, overprovisioning off.",
        "The request timeout ends only the requests of a backend that answers all its users late (AG-10).",
        ["input::writes::the_gateway_of_the_sample_has_its_parameters"];
    VS_14: PartlyInferred, "VS", Exact,
        "New code reaches the idle slot by a model image change in Automatic mode: all its instances restart together, which is harmless \
         only while the slot is idle.",
        ["vip_swap::new_code_restarts_a_slot_as_a_whole"];
    VS_15: Inferred, "VS", Exact,
        "Rollback is the same swap again, with the same gap odds; it costs no image work as long as the old slot still runs (double \
         capacity is billed meanwhile).",
        ["vip_swap::the_way_back_has_the_same_odds"];
    VS_16: PartlyInferred, "VS", Approximated,
        "A script reads a resource, sets what it names and puts the whole (`az network lb probe update`): what others wrote before it \
         stays, whatever the script was written for. Writes to one resource are in force in the order in which they were made. \
         One that leaves what Azure refuses changes nothing.",
        "A script reads and puts in one instant. In Azure one that read before another had put takes back what that one wrote, or is \
         refused where it sends an ETag.",
        ["proofs::vip_swap::a_write_sets_what_it_names_over_what_it_finds"];
}
