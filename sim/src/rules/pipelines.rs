//! The rows on extensions, release pipelines, Octopus, Azure DevOps and the stale-image incident.

use super::table::rows;

rows! {
    EX_01: Documented, "CIN", Approximated,
        "cloud-init reports \"provisioned\" to Azure after its network/init stage; package installs and user scripts run later (config and \
         final stages). A VM is Succeeded while cloud-init is still installing; not every module failure fails provisioning.",
        "cloud-init starts when the system is up, and its stages are treated as one; a failure of the network stage is a failed boot.",
        ["proofs::guest::a_machine_is_provisioned_while_cloud_init_installs"];
    EX_02: Documented, "CSE", Approximated,
        "Custom Script Extension: 90 min, then the extension fails; runs once per configuration (change `timestamp` to rerun); a reboot \
         inside the script breaks it and its neighbours.",
        "A reboot inside the script is not modelled; the extension fails, as the page says.",
        ["proofs::guest::a_script_is_given_up_after_ninety_minutes", "input::extensions::other_settings_are_a_change_of_the_model"];
    EX_03: Documented, "SEQ", Approximated,
        "Extensions of a set install in any order unless `provisionAfterExtensions` is set; unlisted ones may run before, between or after \
         a sequence; cycles are refused; a dependency must be in the model and carry a `settings` field.",
        "Extensions run one after another, never at once; a circle or an unknown name is refused when the scenario is read.",
        ["proofs::life::extensions_follow_their_sequence"];
    EX_04: PartlyInferred, "SEQ, LB-16", Exact,
        "Put the Application Health extension after the Custom Script Extension if \"healthy\" must mean \"installed\". The load balancer \
         is not held back by either (LB-16).",
        ["proofs::health::health_that_comes_after_the_installation_means_installed"];
    EX_05: Documented, "SEQ", Exact,
        "Extension changes on the model reach existing instances only at their next upgrade.",
        ["proofs::interplay::an_extension_of_the_model_waits_for_the_next_upgrade"];
    EX_06: Documented, "REST, TFDOC", Approximated,
        "The whole extension phase of an instance has a budget `extensionsTimeBudget`, default PT1H30M, 15–120 min inclusive.",
        "The end of the budget is detected one millisecond late; its bounds are checked when the scenario is read.",
        ["proofs::life::the_extensions_of_an_instance_have_one_budget"];
    EX_07: Documented, "RUN", Approximated,
        "Run Command, action kind: per instance, one at a time, 90 min, 4 KB output, on a machine that runs, by its agent; not part of \
         the model — a new instance never gets it. Managed kind: in the model, applied on scale-out, up to 25, own timeout, may be \
         asynchronous to provisioning.",
        "Only the action kind is modelled, without its limit of 90 min; a run waits for its machine, where Azure would refuse it, and fails \
         if that goes down; one run at a time is per pipeline, so two pipelines may work on an instance at once.",
        ["proofs::pipeline::a_pipeline_works_on_an_instance_one_run_at_a_time", "proofs::pipeline::a_pipeline_waits_for_the_machine"];
    EX_08: Inferred, "EX-07, S0", Exact,
        "So anything a pipeline does to instances from outside (action Run Command, Octopus, SSH) is lost on scale-out, reimage, \
         repair-replace and OS upgrade, and the instance serves the image's code until the pipeline runs again.",
        ["proofs::pipeline::what_a_pipeline_did_is_lost_on_scale_out", "measures::what_a_pipeline_did_is_lost_with_the_disk"];
    EX_09: Inferred, "LB-16, OC-01, OC-04", Exact,
        "\"Stale window\" of a new instance = time of completed pipeline run on it − time of its first good probe. With a baked image it \
         is 0; with a shallow probe it is trigger delay + queue + deployment length.",
        ["proofs::pipeline::the_stale_window_is_the_end_of_the_run_less_the_first_good_probe"];
    OC_01: Documented, "OCt", Exact,
        "Deployment-target triggers are checked every 30 s; machines whose event falls into the same 30 s scan share one deployment; do \
         not rely on it.",
        ["proofs::octopus::a_scan_takes_all_that_came_since_the_last"];
    OC_02: Documented, "OCt", Approximated,
        "Usual event group: \"becomes available\" = enabled, found healthy, found with warnings.",
        "Nobody disables a target, or enables one.",
        ["proofs::octopus::a_target_that_is_registered_is_not_available_yet"];
    OC_03: Documented, "OCt", Approximated,
        "A trigger re-runs the currently successful release of the environment; a failed or cancelled release is never auto-deployed; the \
         previous good one is. Steps skipped by hand stay skipped.",
        "Which release is current where the current one is run again and fails is `octopus.failed_rerun`; no override names another.",
        ["proofs::octopus::a_failed_release_is_not_deployed_by_a_trigger"];
    OC_04: Documented, "OCc, S2", Approximated,
        "Tasks with the same project + environment (+ tenant) run one at a time; a second trigger deployment waits for the first. Hence 4 \
         + 5 of 9 new machines take two deployments: 10–30 min becomes 20–60.",
        "Whether a trigger queues behind a deployment that runs, or waits for its end, is `octopus.trigger_during_deployment`; a server \
         has no task cap.",
        ["proofs::octopus::a_second_deployment_waits_for_the_first"];
    OC_05: Documented, "OCr, OCp", Approximated,
        "Steps run in sequence, targets of one step in parallel; a rolling step has a window w: the next target starts when any of the w \
         ends (sliding, not batch). By default at most 10 run at a time (`Octopus.Action.MaxParallelism`); the window of a step is that \
         variable, set for the step, and may be greater.",
        "A pipeline is a single rolling step, whose window is the number of instances it works on at once.",
        ["proofs::pipeline::the_window_of_a_pipeline_slides", "proofs::octopus::a_step_takes_as_many_targets_as_its_window"];
    OC_06: Documented, "OCm, S2", Approximated,
        "Health checks run at the interval of the policy; states are Healthy, Healthy with warnings, Unhealthy, Unavailable. A newly \
         registered target gets a check at once.",
        "A check takes no time, but for the first of a target; what its script says is drawn.",
        ["proofs::octopus::a_new_target_is_checked_at_once"];
    OC_07: Inferred, "OCm, S2, arithmetic", Exact,
        "Auto-delete is judged at a health check, if the target has been unavailable for the set time. With the guide's 10 min interval \
         and 15 min limit a target is found at the first check after the removal (0–10 min) and deleted two checks later: 20–30 min after \
         the instance vanished, where the guide says 20.",
        ["proofs::octopus::a_machine_that_went_is_cleaned_up_at_the_third_check"];
    OC_08: Documented, "S2, OCx", Exact,
        "Project settings for elastic sets: allow no targets; unavailable targets skip; unhealthy targets excluded. Without them a \
         scale-in during a deployment fails it.",
        ["proofs::octopus::a_target_that_is_unavailable_is_skipped"];
    OC_09: PartlyInferred, "S2, OCg", Approximated,
        "A target removed while a step runs on it fails the deployment, or under guided failure pauses it until a person chooses Fail, \
         Retry, Ignore or Exclude machine; while paused it still holds OC-04's slot.",
        "The person always gives the same answer, after the same time.",
        ["proofs::octopus::a_person_holds_the_place_in_the_queue"];
    OC_10: Documented, "OCx, OCm", Exact,
        "A health-check step in mid-deployment may add newly found targets and drop lost ones for the steps after it.",
        ["proofs::octopus::a_health_check_adds_and_drops_targets"];
    OC_11: PartlyInferred, "OCs", Approximated,
        "Step \"Check VMSS Provision Status\", wait 1: polls the set every 10 s while its `provisioningState` reads \"provisioning\"; the \
         timeout (default 30 min) always fails the step. Azure reports Creating or Updating, so this loop normally falls straight \
         through.",
        "By default Azure never says the word; `octopus.set_state` lets it.",
        ["proofs::octopus::the_first_wait_is_for_a_word_and_fails_in_the_end"];
    OC_12: Documented, "OCs", Exact,
        "Step \"Check VMSS Provision Status\", wait 2: polls all instances every 10 s while any is \"creating\"; on timeout (30 min of its \
         own) it proceeds (default) or fails.",
        ["proofs::octopus::the_second_wait_is_for_instances"];
    OC_13: Documented, "OCs", Exact,
        "Step \"Check VMSS Provision Status\": when the set is not found or not readable, the step exits as success.",
        ["proofs::octopus::a_set_that_cannot_be_read_ends_the_step_well"];
    OC_14: Documented, "OCs", Approximated,
        "Reconcile: instances not Failed are the truth; every Octopus target carrying all listed roles (and the tenant) with no matching \
         name is deleted, so over-provisioned and Failed instances lose their targets.",
        "Of the environment of the deployment, as the script asks; a list of more than 1,000 targets is whole.",
        ["proofs::octopus::a_target_without_a_machine_is_deleted"];
    OC_15: Inferred, "OCs", Exact,
        "Names match if equal or if either contains the other, so `web1` also matches `web10`: a stale target can survive where names are \
         not padded.",
        ["proofs::octopus::a_name_within_a_name_keeps_a_target"];
    OC_16: Documented, "OCs", Exact,
        "Duplicate run: only if started by a trigger, only if this deployment had been queued before, and queued ≤ 3 min (default) after \
         the previous one finished; then Proceed (default, but `VMSSHasServersToDeployTo` = false) or Cancel.",
        ["proofs::octopus::a_run_soon_after_the_last_is_a_duplicate"];
    OC_17: Inferred, "OCs", Exact,
        "Hazard of OC-16: machines that arrive during the first run trigger a second one queued within 3 min of its end, which is then \
         called a duplicate and skips them; they keep stale code until another trigger.",
        ["proofs::octopus::a_duplicate_leaves_new_machines_stale"];
    OC_18: PartlyInferred, "OCs", Exact,
        "Exclude pre-existing servers: drops from the output every target created more than 3 min (fixed in code) before this task was \
         queued; default No = all targets returned and redeployed. A slow queue is safe, as the queue time counts; a slow \
         registration-to-healthy (> 3 min) is not: the new target is then \"old\".",
        ["proofs::octopus::targets_that_were_there_are_left_out"];
    OC_19: Documented, "S2", Approximated,
        "Instances of one scale-out typically finish within 60–90 s of each other (vendor's experience): spread default U(0, 90 s).",
        "A scenario can name it, as DI-05; the default of `vmss.provision_spread` is what was recorded.",
        ["input::published::a_length_that_was_published_is_drawn_as_its_row_says"];
    OC_20: Documented, "S2", Approximated,
        "Scripts of a pipeline must be idempotent: re-registering the same Tentacle twice fails.",
        "The extension that runs the script does not fail by it; the target that was there no longer answers.",
        ["proofs::octopus::registering_twice_fails"];
    OC_21: Documented, "OCl, OCi5752", Approximated,
        "A lifecycle has phases in order. A release may be deployed to an environment of a phase once the phases before it are complete: \
         it was deployed with success to all of their environments, or to a minimum of them; a phase may be optional. An environment in \
         no phase gets no release. A trigger deploys what an environment has without asking the lifecycle.",
        "A project without a lifecycle deploys anywhere at any time, where Octopus would give it the default one.",
        ["proofs::octopus::a_release_goes_from_phase_to_phase"];
    OC_22: Documented, "OCl, OCi4068, OCi8347", Approximated,
        "An environment of a phase may be deployed to automatically: once a release comes to the phase, and was never deployed there. It is \
         looked at with the triggers, 0 to 30 s after the release was created or the deployment succeeded that let it in. Optional phases \
         are passed over.",
        "A release is created by `createRelease`, or when it is first deployed; feeds that create releases are left out.",
        ["proofs::octopus::a_release_is_deployed_automatically_where_it_comes_to"];
    OC_23: Inferred, "OCi2248", Exact,
        "A success in an environment stays one: a deployment of the same release that comes later, and waits, runs or fails, does not keep \
         the release from the phases after.",
        ["proofs::octopus::a_success_stays_a_success"];
    OC_24: PartlyInferred, "OCl, OCi5408", Approximated,
        "Each tenant goes through a lifecycle for itself, and so does what has no tenant.",
        "Of environments in which a tenant has no deployment targets none is asked for.",
        ["proofs::octopus::each_tenant_goes_through_for_itself"];
    DO_01: Documented, "ADO", Approximated,
        "Scale-set agent pools take over capacity: autoscale off, overprovision off, upgrade mode Manual, no load balancer, count 0 at \
         creation; out-of-band changes disturb the pool.",
        "The newest page is followed where it differs from that of 2020: a balancer is allowed, and machines that the pool finds are \
         deleted and made anew. The job that writes the configuration back every two hours is left out.",
        ["proofs::azure_devops::a_new_pool_deletes_what_it_finds", "input::agents::what_a_pool_does_not_support_is_refused"];
    DO_02: Documented, "ADO", Approximated,
        "Knobs: max size, standby (idle) count, recycle after each use, minutes to keep idle agents, saved failed nodes.",
        "A machine is recycled by a new OS disk, as the page says; interactive agents are left out.",
        ["proofs::azure_devops::a_machine_is_made_anew_after_its_job"];
    DO_03: Documented, "ADO", Approximated,
        "The pool is sampled every 5 min. Scale out if idle agents < standby count, or if no agent is idle and jobs wait; growth goes \
         in steps of a percentage of the maximum, with 20 min allowed for each step. Scale in when idle > standby for more than 30 min \
         (settable). Idle = online and not running a job.",
        "The percentage is not published (`agents.growth_step`); which of the idle agents go neither: here those that have been idle \
         longest.",
        ["proofs::azure_devops::a_pool_grows_by_samples_and_steps"];
    DO_04: Documented, "ADO", Approximated,
        "An agent that is not online within 10 min, one whose machine goes down under it, and a machine whose provisioning failed are \
         unhealthy and deleted; with the option to save one, one whose agent failed to start is kept instead.",
        "The 10 min count from the boot of the system; from where is not said.",
        ["proofs::azure_devops::an_agent_that_does_not_come_online_is_deleted"];
    DO_05: Documented, "ADO", Approximated,
        "The operations of a pool are done one after another: it first grows until enough agents are idle, and then deletes unhealthy \
         machines; a sample that falls into an operation does not scale out.",
        "Machines are made anew at every sample, whatever else is under way.",
        ["proofs::azure_devops::a_pool_does_one_thing_at_a_time"];
    DO_06: Documented, "ADi", Exact,
        "The pool picks idle agents and deletes just their machines; the scale set does not choose.",
        ["proofs::azure_devops::a_pool_deletes_the_idle_agents_that_it_names"];
    DO_07: Documented, "ADd", Approximated,
        "A rolling deployment to the machines of an environment goes by iterations of at most `maxParallel` targets, a number or a \
         percentage; each lifecycle hook runs on every machine of an iteration, and the next iteration waits for the end of the one \
         before.",
        "How a percentage is rounded is not published (`environments.percent_round`); hooks `on: failure` and `on: success` are left \
         out.",
        ["proofs::azure_devops::a_rolling_deployment_goes_by_iterations"];
    DO_08: PartlyInferred, "ADd, ADf", Approximated,
        "`maxParallel` also decides success: all other targets have to stay healthy, so a target that failed counts as one that is in \
         hand. When as many failed as may be in hand, the deployment fails and goes no further; otherwise it is partially succeeded.",
        "A maintainer states it for deployment groups; for environments the page says that the number determines the success and \
         failure conditions.",
        ["proofs::azure_devops::a_failed_target_stays_in_hand"];
    DO_09: Inferred, "ADd", Approximated,
        "A deployment goes to the resources that are registered with the environment when it begins: a machine that comes later gets \
         nothing until the next one, and one that is gone is a target still, offline, until somebody removes it.",
        "What an offline target counts as is not published (`environments.offline`).",
        ["proofs::azure_devops::a_machine_that_is_gone_stays_a_target"];
    IN_01: Documented, "S0, EX-08", Exact,
        "Scale-out clones the model's image; pipeline-made state is not in it.",
        ["proofs::pipeline::a_new_instance_is_a_clone_of_the_image"];
    IN_02: Inferred, "S0, LB-16", Exact,
        "Traffic begins at the first good balancer probe, not at pipeline end.",
        ["proofs::pipeline::users_come_at_the_first_good_probe"];
    IN_03: Inferred, "S0, LB-16, LB-29", Approximated,
        "Remedies to compare in a run: bake per commit; probe that checks the app version; extension in the model; admin state Down until \
         the pipeline ends.",
        "Each of the four is a policy of the bundled scenario of the incident, with the expectation that no request is harmed.",
        ["input::extensions::each_remedy_of_the_incident_is_a_policy_that_holds"];
    IN_04: Inferred, "LB-24", Exact,
        "Version skew against a shared schema turns a share of requests into errors: error share ≈ (stale eligible instances / eligible \
         instances) × share of requests that touch the change, under 5-tuple hashing.",
        ["proofs::pipeline::stale_requests_are_the_share_of_stale_backends"];
}
