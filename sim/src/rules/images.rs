//! The rows on Azure Compute Gallery and Image Builder.

use super::table::rows;

rows! {
    GA_01: Documented, "GAS, GAT", Approximated,
        "A gallery holds image definitions, and these hold image versions; a definition is unique by publisher/offer/sku; OS type, OS \
         state, generation and those three cannot change.",
        "A gallery is only a name; an entry of the timeline that writes a definition again lists what it changes.",
        ["input::definitions::an_identifier_names_one_definition", "proofs::gallery::what_a_definition_is_for_cannot_change"];
    GA_02: Documented, "GAL", Approximated,
        "Limits per subscription and region: 100 galleries, 1,000 definitions, 10,000 versions (in all, not per definition).",
        "Definitions and versions are counted over the scenario, galleries are not.",
        ["input::definitions::a_subscription_has_so_many_definitions_and_versions"];
    GA_03: Contradicted, "GAL", Approximated,
        "Replicas: at most 100 per version in the limits list; the same page says 50 per region and \"50 suffices\".",
        "At most 50 per region and 100 in total; 50 is the limit of the key.",
        ["input::images::a_version_has_at_most_a_hundred_replicas"];
    GA_04: Contradicted, "GAL, S1", Approximated,
        "Advice on replicas: the scaling section says 1 per 50 VMs created at once, the best-practice section 1 per 20 (and at least 3 in \
         production), plus 1 per scale set created at once. The golden-image article also has 20.",
        "The stricter advice gives the capacity of one replica; the extra replica for each scale set is not required.",
        ["proofs::gallery::one_replica_serves_twenty_creates"];
    GA_05: Documented, "GAL", Approximated,
        "Too few replicas throttles creation; throughput grows linearly with replicas; by how much a create slows is not given.",
        "A create that finds every replica busy waits in one queue of its region and version.",
        ["proofs::gallery::creates_beyond_the_replicas_wait"];
    GA_06: PartlyInferred, "GAS, GAV", Exact,
        "A version name is three 32-bit integers. `latest` is the highest major, then minor, then patch, numerically, and not the newest \
         by date: publishing 1.2.9 after 1.10.0 changes nothing.",
        ["proofs::gallery::latest_is_the_highest_number_and_not_the_newest", "input::images::a_version_is_three_numbers"];
    GA_07: Documented, "GAT", Exact,
        "`latest` is resolved among versions that are not excluded AND present in the region asked: region A may resolve 1.7.1 while \
         region B still resolves 1.7.0 during replication, with no error.",
        ["proofs::gallery::latest_is_what_is_complete_in_the_region"];
    GA_08: PartlyInferred, "GAL, GAS", Approximated,
        "Exclusion: `excludeFromLatest` global, `regionalExcludeFromLatest` per target region; the regional value wins in both directions. \
         Can be changed at any time; it moves no running instance by itself, but un-excluding a version makes it eligible for automatic OS \
         upgrade (OS-08, OS-11).",
        "A version cannot be excluded in a region that is not its target.",
        ["proofs::gallery::the_exclusion_of_a_region_wins_both_ways"];
    GA_09: Documented, "GAT", Exact,
        "All versions excluded → create fails \"no latest image version exists\"; none eligible in the region → create fails \"not \
         available in region\"; an explicit version missing in the region → the same. Nothing is fetched across regions on demand.",
        ["proofs::gallery::an_image_that_is_not_there_creates_nothing"];
    GA_10: Inferred, "GAS", Exact,
        "An excluded version can still be deployed by its explicit number.",
        ["proofs::gallery::an_excluded_version_is_deployed_by_its_number"];
    GA_11: Documented, "GAapi", Approximated,
        "Regional states: Unknown, Replicating, Completed, Failed, with progress 0–100; aggregate: Unknown, InProgress, Completed, Failed.",
        "A region is Unknown only if it is not a target.",
        ["proofs::gallery::a_version_has_a_state_in_each_region_and_over_all"];
    GA_12: Documented, "GAL", Exact,
        "A region is usable as soon as it is complete, while others still replicate.",
        ["proofs::gallery::a_region_is_usable_while_others_replicate"];
    GA_13: Documented, "GAL, GAS, GAT", Approximated,
        "Duration depends on image size, number of regions and distance: \"a few hours in some cases\"; operators are asked to wait up to 6 \
         h, then retry, and to phase many regions.",
        "Distance does not count; the effect of size and regions is assumed (`gallery.replication_…`).",
        ["proofs::gallery::replication_takes_longer_with_size_and_regions"];
    GA_14: Documented, "GAS, GAL", Approximated,
        "The source region must be in the target list; only the first replica in a region crosses regions, the others are copied inside \
         it.",
        "The source is assumed to be in the region of the gallery; further replicas in a region take no time.",
        ["input::definitions::the_region_of_the_gallery_is_a_target"];
    GA_15: Documented, "GAS", Approximated,
        "Replica count per region overrides the version's common count (default 1). Count, regions, exclude flags and end-of-life date are \
         the only editable properties of a version.",
        "Every region has its own count, changes of the count take no time, and the end-of-life date stays as declared.",
        ["proofs::gallery::a_region_has_as_many_replicas_as_it_is_given"];
    GA_16: PartlyInferred, "GAL, GAV", Approximated,
        "Storage per region: Standard_LRS (default), Standard_ZRS, Premium_LRS. With LRS, a zone-storage outage can block creation in the \
         region; ZRS does not.",
        "The zone of the storage is drawn at random (`gallery.lrs_zone`), and only creates need it.",
        ["proofs::zones::a_replica_on_local_storage_goes_with_its_zone"];
    GA_17: Documented, "GAS, GAL", Approximated,
        "Shallow mode skips the copy: ready sooner, images to 32 TB (full: under 2 TB), but not for many concurrent creations.",
        "A shallow version takes the time of gallery.replication_shallow and counts as one replica; sizes are not limited.",
        ["proofs::gallery::a_shallow_version_is_ready_sooner_and_serves_fewer"];
    GA_18: Documented, "GAS", Exact,
        "End-of-life dates of image versions only inform; creation still works.",
        ["proofs::gallery::the_end_of_life_only_informs"];
    GA_19: Documented, "GAS", Approximated,
        "Deleting a version leaves running instances alone but breaks scale-out (and anything that needs the image again) of sets that \
         reference it.",
        "A create that waits for a replica when the version is deleted goes on.",
        ["proofs::gallery::a_deleted_version_breaks_scale_out_and_nothing_that_runs"];
    GA_20: Documented, "GAL, GAT", Approximated,
        "Guards: `allowDeletionOfReplicatedLocations=false`, `blockDeletionBeforeEndOfLife` (delete fails with its own error), resource \
         locks. A version marked for deletion accepts no update.",
        "Resource locks are not modelled, and a deletion takes no time.",
        ["proofs::gallery::guards_hold_a_version_back_from_deletion"];
    GA_21: Documented, "GAsd", Approximated,
        "Soft delete (newer API): a retention period, then a grace period; restore is possible in both until `hardDeletionTargetTime`, \
         only into the original home region. The default lengths were not read.",
        "Both periods are treated as one: a version can be restored in both, with all of its replicas.",
        ["proofs::gallery::what_is_deleted_softly_can_be_restored_for_a_while"];
    GA_22: Documented, "GAL", Approximated,
        "The gallery itself lives in one region: if that region is down, versions already replicated can still be deployed elsewhere, but \
         nothing can be published or edited.",
        "A region is down while all three of its zones are lost; copies that started before continue.",
        ["proofs::gallery::nothing_is_published_while_the_region_of_the_gallery_is_down"];
    GA_23: Documented, "GAL", Approximated,
        "Trusted-Launch validation of a new version (preview, API 2025-03-03+ default) takes at least one hour.",
        "Always the least time (DI-15), before the copies start; it never finds an error.",
        ["proofs::gallery::a_version_is_validated_before_it_is_copied"];
    GA_24: Documented, "GAS", Approximated,
        "Specialized images boot faster than generalized ones (first boot already done).",
        "By an assumed share (`vm.specialized_boot`), if the scenario gives no boot time.",
        ["proofs::gallery::a_specialized_image_boots_faster"];
    GA_25: Contradicted, "S1, TF11398", Approximated,
        "`…/versions/latest` in the model of a set: Azure's refusal of pinned versions asks for \"version set to 'latest'\", as if it \
         tracked what is latest; the golden-image article says that it is resolved when the set is created.",
        "The assumption gallery.versions_latest decides; a change of the model always follows what is latest.",
        ["input::definitions::latest_by_its_number_has_two_readings"];
    IB_01: PartlyInferred, "IBapi", Approximated,
        "Run states: Running, Canceling, Succeeded, PartiallySucceeded, Failed, Canceled. Sub-states, in order: Queued, Building, \
         Customizing, Optimizing, Validating, Distributing.",
        "A run is Canceling for the time of `aib.cancel`.",
        ["proofs::image_builder::a_run_goes_through_its_stages"];
    IB_02: Documented, "IBj", Approximated,
        "`buildTimeoutInMinutes` covers customizing, validating and distributing together: 0/omitted = 240, else 6–960. Windows: under 60 \
         discouraged. On expiry the run ends with \"context deadline exceeded\".",
        "The clock starts with customizing and continues during optimizing.",
        ["proofs::image_builder::a_run_that_outlasts_its_timeout_fails", "input::images::a_build_timeout_has_its_bounds"];
    IB_03: PartlyInferred, "IBj", Exact,
        "An image build does not end before replication to all target regions ends: more regions mean a longer run, and replication time \
         eats the build timeout.",
        ["proofs::image_builder::a_run_waits_for_its_replicas"];
    IB_04: Documented, "IBj, S1", Exact,
        "Customizers run in order; the first failing one fails the run. But a shell step that swallows an inner error reports success: \
         without `set -e` a broken image ships.",
        ["proofs::image_builder::the_first_failing_customizer_ends_the_run_unless_it_says_nothing"];
    IB_05: Documented, "IBj", Approximated,
        "Types: Shell, PowerShell, File (< 20 MB; Linux writes only under /tmp), WindowsRestart (default timeout 5 min), WindowsUpdate \
         (default limit 1,000). There is no Linux restart.",
        "The scenario says how long each takes; a restart that takes longer than its timeout fails.",
        [
            "input::definitions::a_customizer_fits_its_system_and_its_limits",
            "proofs::image_builder::a_restart_is_waited_for_no_longer_than_its_timeout",
        ];
    IB_06: Documented, "IBj", Approximated,
        "`errorHandling`: onCustomizerError / onValidationError = cleanup (default) or abort (keeps and bills the build VM until you clean \
         up).",
        "A machine that is kept stays until the end of the run.",
        ["proofs::image_builder::a_machine_is_kept_where_the_template_says_abort"];
    IB_07: Documented, "IBj", Approximated,
        "Generalize (Sysprep / waagent deprovision) runs at the end of customizing.",
        "Its time is part of the time of the build machine, and it never fails.",
        ["proofs::image_builder::the_machine_is_generalized_after_the_last_customizer"];
    IB_08: Documented, "IBj", Approximated,
        "Validation: `inVMValidations` on a VM made from the image, in order, first failure fails it; `continueDistributeOnFailure` \
         (default false) may still distribute, yet the run is reported Failed either way; `sourceValidationOnly` validates the source with \
         no build.",
        "`sourceValidationOnly` is not modelled.",
        ["proofs::image_builder::a_validator_that_fails_fails_the_run"];
    IB_09: Inferred, "IB-08, GA-06", Exact,
        "So with `continueDistributeOnFailure=true` a Failed run can publish a version that becomes `latest`.",
        ["proofs::image_builder::a_failed_run_may_publish_what_becomes_latest"];
    IB_10: Documented, "IBj", Exact,
        "Source `latest` (platform or gallery) is resolved when the build runs, not when the template is submitted.",
        ["proofs::image_builder::the_source_is_looked_up_when_the_build_runs"];
    IB_11: Documented, "IBj", Approximated,
        "Version numbering: scheme Latest (optionally within a `major`) = one above the highest; scheme Source = from the source version; \
         or an explicit number, which must be new. Example: with 2.1.0 highest, Latest gives 2.1.1; major 1 over 1.2.0 gives 1.2.1.",
        "A first version is patch 1 of the major, or 0.0.1; scheme Source takes the number of the source as it is.",
        ["proofs::image_builder::a_version_is_numbered_above_the_highest"];
    IB_12: Documented, "IBj", Exact,
        "`excludeFromLatest` may be set at distribution, so a build can be published without becoming `latest`.",
        ["proofs::image_builder::a_bake_may_be_published_dark"];
    IB_13: Documented, "IBv", Approximated,
        "Optimize (`vmBoot.state=Enabled`): adds about 20 min for a 30 GB Linux image (P50 20, P95 21) and 33–34 min for a 127 GB Windows \
         image (P50 34, P95 35); benefit on boot not quantified.",
        "The length of the stage is drawn from the published percentiles, whatever the size of the image.",
        ["proofs::image_builder::optimizing_takes_its_time"];
    IB_14: Documented, "IBj, IBo", Approximated,
        "Build VM default: Standard_D1_v2 (Gen1), Standard_D2ds_v4 (Gen2); OS disk may grow, never shrink.",
        "The generation is that of the definition, and 1 by default; the size of the machine has no effect on times.",
        ["input::definitions::the_build_machine_has_its_default_size_and_its_disk_does_not_shrink"];
    IB_15: Documented, "IBt", Approximated,
        "Triggers: kind SourceImage only, one per template, same region as the template, 100 per region and subscription; source must be \
         `latest`; source and target definition must differ; disabled after several consecutive failed builds (number not given) until a \
         manual build succeeds.",
        "The assumption aib.trigger_disable_after gives the number of failures; the limit of 100 triggers is not checked.",
        [
            "input::definitions::a_trigger_needs_latest_of_another_definition",
            "proofs::image_builder::a_trigger_builds_when_its_source_moves_and_gives_up",
        ];
    IB_16: Documented, "IBj, IBo", Approximated,
        "`autoRun` builds once, on template creation. Templates are immutable: a change means a new template.",
        "Templates are created when the run starts, and no entry of the timeline changes one.",
        ["proofs::image_builder::auto_run_builds_once_when_the_template_is_made"];
    IB_17: Documented, "IBj", Approximated,
        "Cancel works at any time and is asynchronous; after distribution has begun it can leave half-made versions.",
        "A run is Canceling for the time of `aib.cancel`; copies in progress fail, and complete ones stay.",
        ["proofs::image_builder::a_cancelled_run_leaves_a_half_made_version"];
    IB_18: PartlyInferred, "IBj, IBo", Approximated,
        "Image Builder needs one user-assigned identity with image read/write on the target and on its source; missing rights there fail \
         the submission of the template (recorded), missing rights to scripts fail a run early. The staging group must be empty, in the \
         same region, with Contributor or Owner.",
        "When rights on images are checked is the assumption aib.rights_checked; roles and scopes are flags.",
        [
            "proofs::image_builder::a_missing_right_fails_the_template_or_an_early_run",
            "input::definitions::a_staging_group_is_empty_and_in_the_region_of_the_template",
        ];
    IB_19: Documented, "IBj", Approximated,
        "Template and image definition in different regions add a copy and hence time.",
        "One copy to the home region of the definition is added, with an assumed length (`aib.region_copy`).",
        ["proofs::image_builder::a_definition_in_another_region_takes_a_copy"];
    IB_20: Documented, "IBj", Exact,
        "A gallery source version must be replicated to the template's region.",
        ["proofs::image_builder::a_source_that_is_not_in_the_region_of_the_template_fails_the_run"];
    IB_21: NotDocumented, "none", Absent,
        "A queue limit for concurrent builds, and what PartiallySucceeded leaves behind per region, are not stated in the pages read.",
        "Nothing is published, so no build waits for another template, and a failed region keeps nothing.", [];
}
