//! The sources of the rulebook: the pages, source files, issues and publications that a rule names by a key.
//!
//! The pages on scale sets were read in their version of 2026-05-19, but for some that are newer; the address leads to the
//! newest version, which may say otherwise by now.

/// One source.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Source {
    /// The key, as it stands in a row: `LBp`.
    pub key: &'static str,
    /// What it is.
    pub title: &'static str,
    /// Where it is: an address, or words where there is none.
    pub place: &'static str,
}

impl Source {
    /// The address, `None` where the source has none.
    #[must_use]
    pub fn url(&self) -> Option<&'static str> {
        self.place.starts_with("https://").then_some(self.place)
    }
}

/// The source with this key.
#[must_use]
pub fn source(key: &str) -> Option<&'static Source> {
    SOURCES.iter().find(|source| source.key == key)
}

macro_rules! sources {
    ($($key:literal, $title:literal, $site:ident $place:literal;)+) => {
        /// Every source, sorted by key.
        pub static SOURCES: &[Source] = &[$(Source { key: $key, title: $title, place: sources!(@$site $place) }),+];
    };
    (@compute $path:literal) => { concat!("https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/", $path) };
    (@azure $path:literal) => { concat!("https://github.com/MicrosoftDocs/azure-docs/blob/HEAD/articles/", $path) };
    (@monitor $path:literal) => { concat!("https://github.com/MicrosoftDocs/azure-monitor-docs/blob/HEAD/articles/", $path) };
    (@octopus $path:literal) => { concat!("https://github.com/OctopusDeploy/docs/blob/HEAD/src/pages/docs/", $path) };
    (@github $path:literal) => { concat!("https://github.com/", $path) };
    (@at $place:literal) => { $place };
}

sources! {
    "ABO", "Aboukhalil, \"Move fast and break the cloud\" (2018)", at "blog post";
    "ADO", "Azure DevOps scale set agents", github "MicrosoftDocs/azure-devops-docs/blob/HEAD/docs/pipelines/agents/scale-set-agents.md";
    "ADd", "Azure DevOps deployment jobs", github "MicrosoftDocs/azure-devops-docs/blob/HEAD/docs/pipelines/process/deployment-jobs.md";
    "ADf", "Success of a deployment group phase", github "microsoft/azure-pipelines-tasks/issues/8599";
    "ADi", "Scale-down of scale set agents", github "MicrosoftDocs/azure-devops-docs/issues/7840";
    "AEU", "Automatic extension upgrade", compute "virtual-machines/automatic-extension-upgrade.md";
    "AG5", "Application Gateway: troubleshoot 502 errors", azure "application-gateway/application-gateway-troubleshooting-502.md";
    "AGf", "Application Gateway features", azure "application-gateway/features.md";
    "AGh", "Application Gateway high traffic support", azure "application-gateway/high-traffic-support.md";
    "AGp", "Application Gateway health probes", azure "application-gateway/application-gateway-probe-overview.md";
    "AGpr", "Application Gateway pricing", azure "application-gateway/understanding-pricing.md";
    "AGpr103445", "azure-docs, pull request 103445", github "MicrosoftDocs/azure-docs/pull/103445";
    "AGs", "Application Gateway backend settings", azure "application-gateway/configuration-http-settings.md";
    "AGz", "Application Gateway autoscale and zone redundancy",
        azure "application-gateway/application-gateway-autoscaling-zone-redundant.md";
    "AH", "Application Health extension", compute "virtual-machine-scale-sets/virtual-machine-scale-sets-health-extension.md";
    "AH1", "Source of the Application Health extension for Linux, version 1.0.7",
        github "Azure/applicationhealth-extension-linux/tree/v1.0.7";
    "AH2", "Source of the Application Health extension for Linux, version 2.0.29", github "Azure/applicationhealth-extension-linux";
    "AIR", "Automatic instance repairs", compute "virtual-machine-scale-sets/virtual-machine-scale-sets-automatic-instance-repairs.md";
    "AIRAL", "Alert rules for the service state of automatic repairs",
        compute "virtual-machine-scale-sets/alert-rules-automatic-repairs-service-state.md";
    "AOS", "Automatic OS image upgrades", compute "virtual-machine-scale-sets/virtual-machine-scale-sets-automatic-upgrade.md";
    "AOS114432", "azure-docs, issue 114432", github "MicrosoftDocs/azure-docs/issues/114432";
    "ARO547", "ARO-RP, issue 547", github "Azure/ARO-RP/issues/547";
    "ASapi", "Monitor REST specification, autoscale_API.json, version 2022-10-01",
        github "Azure/azure-rest-api-specs/blob/HEAD/specification/monitor/resource-manager/Microsoft.Insights/stable/2022-10-01/autoscale_API.json";
    "ASb", "Autoscale best practices", monitor "azure-monitor/autoscale/autoscale-best-practices.md";
    "ASc", "Autoscale common metrics", monitor "azure-monitor/autoscale/autoscale-common-metrics.md";
    "ASf", "Flapping in autoscale", monitor "azure-monitor/autoscale/autoscale-flapping.md";
    "ASi29000", "azure-docs, issue 29000", github "MicrosoftDocs/azure-docs/issues/29000";
    "ASm", "Autoscale with several profiles", monitor "azure-monitor/autoscale/autoscale-multiprofile.md";
    "ASold", "Autoscale best practices (2022)", azure "azure-monitor/autoscale/autoscale-best-practices.md";
    "ASp", "Predictive autoscale", monitor "azure-monitor/autoscale/autoscale-predictive.md";
    "ASt", "Troubleshoot autoscale", monitor "azure-monitor/autoscale/autoscale-troubleshoot.md";
    "ASu", "Understand autoscale settings", monitor "azure-monitor/autoscale/autoscale-understanding-settings.md";
    "ATT", "Attach or detach a virtual machine", compute "virtual-machine-scale-sets/virtual-machine-scale-sets-attach-detach-vm.md";
    "AZB", "Automatic zone balance (preview)", compute "virtual-machine-scale-sets/auto-zone-balance-overview.md";
    "AZCLI15018", "Azure CLI, issue 15018", github "Azure/azure-cli/issues/15018";
    "AZCLI29136", "Azure CLI, issue 29136", github "Azure/azure-cli/issues/29136";
    "AZDOC", "Scale sets that use availability zones",
        compute "virtual-machine-scale-sets/virtual-machine-scale-sets-use-availability-zones.md";
    "AZP", "Automatic zone placement (preview)",
        compute "virtual-machine-scale-sets/virtual-machine-scale-sets-automatic-zone-placement.md";
    "BATCH", "Azure Batch SDK reference, RollingUpgradePolicy", at "learn.microsoft.com, Batch SDK reference";
    "BILL", "Billing model of virtual machines", at "general knowledge, page not read again";
    "CIN", "cloud-init deep dive", compute "virtual-machines/linux/cloud-init-deep-dive.md";
    "CLI", "Azure CLI help of `az vmss create` and `az vmss update`", github "Azure/azure-cli";
    "CLI25476", "Azure CLI, issue 25476", github "Azure/azure-cli/issues/25476";
    "CLI6387", "Azure CLI, issue 6387", github "Azure/azure-cli/issues/6387";
    "CLIREC", "Azure CLI, recordings of its tests of `simulate-eviction` (2021 to 2024)", github "Azure/azure-cli";
    "CMET", "Custom metrics for rolling upgrades",
        compute "virtual-machine-scale-sets/virtual-machine-scale-sets-rolling-upgrade-custom-metrics.md";
    "CSE", "Custom Script Extension for Linux", compute "virtual-machines/extensions/custom-script-linux.md";
    "DES", "Design considerations for scale sets", compute "virtual-machine-scale-sets/virtual-machine-scale-sets-design-overview.md";
    "DRdns", "Disaster recovery by Azure DNS and Traffic Manager", azure "networking/disaster-recovery-dns-traffic-manager.md";
    "FAQ", "Scale sets: frequently asked questions", compute "virtual-machine-scale-sets/virtual-machine-scale-sets-faq.yml";
    "FDDOC", "Choose the number of fault domains", compute "virtual-machine-scale-sets/virtual-machine-scale-sets-manage-fault-domains.md";
    "FDf", "Front Door: frequently asked questions", azure "frontdoor/front-door-faq.yml";
    "FDi117586", "azure-docs, issue 117586", github "MicrosoftDocs/azure-docs/issues/117586";
    "FDi87532", "azure-docs, issue 87532", github "MicrosoftDocs/azure-docs/issues/87532";
    "FDo", "Front Door origins and origin groups", azure "frontdoor/origin.md";
    "FDp", "Front Door health probes", azure "frontdoor/health-probes.md";
    "FDr", "Front Door routing methods", azure "frontdoor/routing-methods.md";
    "GAL", "Azure Compute Gallery", compute "virtual-machines/azure-compute-gallery.md";
    "GAS", "Store and share images in a gallery", compute "virtual-machines/shared-image-galleries.md";
    "GAT", "Troubleshoot galleries", compute "virtual-machines/troubleshooting-shared-images.md";
    "GAV", "Create an image version", compute "virtual-machines/image-version.md";
    "GAapi", "Compute SDK reference: ReplicationStatus, RegionalReplicationStatus",
        at "https://learn.microsoft.com/javascript/api/@azure-rest/arm-compute/replicationstatusoutput";
    "GAsd", "PowerShell Restore-AzGalleryImageVersion and notes of azure-mgmt-compute 38.4.0",
        at "learn.microsoft.com, Az.Compute reference";
    "HAO", "Hao et al., arXiv 2107.03467", at "https://arxiv.org/abs/2107.03467";
    "IBapi", "Image Builder SDK reference, RunSubState",
        at "https://learn.microsoft.com/javascript/api/@azure/arm-imagebuilder/runsubstate";
    "IBj", "Image Builder template reference", compute "virtual-machines/linux/image-builder-json.md";
    "IBo", "Image Builder overview", compute "virtual-machines/image-builder-overview.md";
    "IBt", "Image Builder triggers", compute "virtual-machines/image-builder-triggers-how-to.md";
    "IBv", "VM boot optimization with Image Builder", azure "virtual-machines/vm-boot-optimization.md";
    "IDS", "Instance ids and names", compute "virtual-machine-scale-sets/virtual-machine-scale-sets-instance-ids.md";
    "IPDOC", "Instance protection", compute "virtual-machine-scale-sets/virtual-machine-scale-sets-instance-protection.md";
    "K8S71594", "kubernetes/kubernetes, issue 71594", github "kubernetes/kubernetes/issues/71594";
    "LBa", "Administrative state of Load Balancer backends", azure "load-balancer/admin-state-overview.md";
    "LBapi", "Network SDK reference: Probe, ProbeNoHealthyBackendsBehavior",
        at "https://learn.microsoft.com/javascript/api/@azure/arm-network/probe";
    "LBb", "Load Balancer best practices", azure "load-balancer/load-balancer-best-practices.md";
    "LBd", "Load Balancer distribution modes", azure "load-balancer/distribution-mode-concepts.md";
    "LBerr", "Load Balancer error codes", azure "load-balancer/load-balancer-common-deployment-errors.md";
    "LBi121106", "azure-docs, issue 121106", github "MicrosoftDocs/azure-docs/issues/121106";
    "LBi26619", "azure-docs, issue 26619", github "MicrosoftDocs/azure-docs/issues/26619";
    "LBi57947", "azure-docs, issue 57947", github "MicrosoftDocs/azure-docs/issues/57947";
    "LBm", "Manage health probes of Load Balancer", azure "load-balancer/manage-probes-how-to.md";
    "LBp", "Load Balancer health probes", azure "load-balancer/load-balancer-custom-probe-overview.md";
    "LBpr97561", "azure-docs, pull request 97561, with issues 118246 and 116779", github "MicrosoftDocs/azure-docs/pull/97561";
    "LBr", "Load Balancer TCP reset and idle timeout", azure "load-balancer/load-balancer-tcp-reset.md";
    "MAN", "Perform manual upgrades", compute "virtual-machine-scale-sets/virtual-machine-scale-sets-perform-manual-upgrades.md";
    "MAO", "Mao and Humphrey, IEEE CLOUD 2012: a performance study on VM startup time", at "IEEE CLOUD 2012, slides";
    "MCTL", "Maintenance control for OS image upgrades", compute "virtual-machines/virtual-machine-scale-sets-maintenance-control.md";
    "MNT", "Maintenance and updates of virtual machines", compute "virtual-machines/maintenance-and-updates.md";
    "MOD", "Modify a scale set", compute "virtual-machine-scale-sets/virtual-machine-scale-sets-upgrade-scale-set.md";
    "MYR30", "gbowerman/azure-myriad, issue 30", github "gbowerman/azure-myriad/issues/30";
    "OC987", "opencb/opencga, issue 987", github "opencb/opencga/issues/987";
    "OCc", "Octopus: setting the concurrency tag",
        at "https://octopus.com/docs/tenants/guides/tenants-sharing-machine-targets/setting-the-concurrency-tag";
    "OCg", "Octopus guided failures", octopus "releases/guided-failures.md";
    "OCi2248", "Octopus, issue 2248: lifecycles and deployments to past phases", github "OctopusDeploy/Issues/issues/2248";
    "OCi4068", "Octopus, issue 4068: automatic deployments of lifecycles are looked at with triggers",
        github "OctopusDeploy/Issues/issues/4068";
    "OCi5408", "Octopus, issue 5408: automatic deployments of lifecycles by tenant", github "OctopusDeploy/Issues/issues/5408";
    "OCi5752", "Octopus, issue 5752: triggers and environments that are in no lifecycle", github "OctopusDeploy/Issues/issues/5752";
    "OCi8347", "Octopus, issue 8347: environments that automatic deployments consider", github "OctopusDeploy/Issues/issues/8347";
    "OCl", "Octopus lifecycles", octopus "releases/lifecycles/index.mdx";
    "OCm", "Octopus machine policies", octopus "infrastructure/deployment-targets/machine-policies.mdx";
    "OCp", "Octopus: running steps in parallel", at "octopus.com documentation";
    "OCr", "Octopus rolling deployments", octopus "deployments/patterns/rolling-deployments.md";
    "OCs", "Octopus step template \"Check VMSS Provision Status\", version 3",
        github "OctopusDeploy/Library/blob/HEAD/step-templates/azure-check-vmss-provision-status.json";
    "OCt", "Octopus deployment target triggers", octopus "projects/project-triggers/deployment-target-triggers.md";
    "OCx", "Octopus: deploying to transient targets",
        octopus "deployments/patterns/elastic-and-transient-environments/deploying-to-transient-targets.md";
    "ORCH", "Orchestration modes for Virtual Machine Scale Sets",
        compute "virtual-machine-scale-sets/virtual-machine-scale-sets-orchestration-modes.md";
    "OSL46", "Azure-Samples/open-source-labs, issue 46", github "Azure-Samples/open-source-labs/issues/46";
    "PARA", "Parametrix analysis, with summaries of Microsoft's review", at "press and vendor analyses";
    "PGDOC", "Large scale sets and placement groups", compute "virtual-machine-scale-sets/virtual-machine-scale-sets-placement-groups.md";
    "PS11896", "Azure PowerShell, issue 11896", github "Azure/azure-powershell/issues/11896";
    "PSROLL", "Azure PowerShell: example of Set-AzVmssRollingUpgradePolicy", at "learn.microsoft.com, Az.Compute reference";
    "PSTEST", "Tests of Az.Compute", github "Azure/azure-powershell";
    "RCD", "Resilient create and delete", compute "virtual-machine-scale-sets/resilient-vm-create-delete.md";
    "REC", "Recordings of the tests of Azure's own tools and libraries against the platform, 2015 to 2025",
        at "azure-cli, azure-sdk-for-python, azure-sdk-for-net, azure-libraries-for-net: the folders recordings and SessionRecords";
    "REI", "Reimage a virtual machine of a scale set",
        compute "virtual-machine-scale-sets/virtual-machine-scale-sets-reimage-virtual-machine.md";
    "REST", "Compute REST specification, virtualMachineScaleSet.json, version 2024-11-01", github "Azure/azure-rest-api-specs";
    "ROLL", "Configure rolling upgrades", compute "virtual-machine-scale-sets/virtual-machine-scale-sets-configure-rolling-upgrades.md";
    "RUN", "Run Command overview", compute "virtual-machines/run-command-overview.md";
    "S-ALLOC", "Support article: AllocationFailed or ZonalAllocationFailed",
        github "MicrosoftDocs/SupportArticles-docs/blob/HEAD/support/azure/virtual-machine-scale-sets/deploy/allocationfailed-or-zonalallocationfailed.md";
    "S-BOOT", "Support article: understand a reboot of a virtual machine",
        github "MicrosoftDocs/SupportArticles-docs/blob/HEAD/support/azure/virtual-machines/windows/understand-vm-reboot.md";
    "S-DEL", "Support article: operation not allowed on delete",
        github "MicrosoftDocs/SupportArticles-docs/blob/HEAD/support/azure/virtual-machine-scale-sets/delete/vmss-operation-not-allowed.md";
    "S-EXT", "Support article: extension provisioning errors",
        github "MicrosoftDocs/SupportArticles-docs/blob/HEAD/support/azure/virtual-machine-scale-sets/extensions/vm-extension-provisioning-errors.md";
    "S-FD", "Support article: invalid fault domain count",
        github "MicrosoftDocs/SupportArticles-docs/blob/HEAD/support/azure/virtual-machine-scale-sets/deploy/vmss-invalid-parameter-fault-domain-count.md";
    "S-QUOTA", "Support article: quota exceeded while scaling",
        github "MicrosoftDocs/SupportArticles-docs/blob/HEAD/support/azure/virtual-machine-scale-sets/scaling/virtual-machine-scale-sets-quota-exceeded.md";
    "S-REP", "Support article: instances not repaired",
        github "MicrosoftDocs/SupportArticles-docs/blob/HEAD/support/azure/virtual-machine-scale-sets/restart-stop/instances-not-repaired.md";
    "S-SPG", "Support article: single placement group refused",
        github "MicrosoftDocs/SupportArticles-docs/blob/HEAD/support/azure/virtual-machine-scale-sets/deploy/vmss-invalid-parameter-single-placement-group.md";
    "S0", "Incident report \"Azure VMSS Scaling with Outdated Code\"", at "founding document of this project";
    "S1", "Article on golden images and scale sets with Flexible orchestration", at "founding document of this project";
    "S2", "Octopus guide: scale set deployment targets", at "founding document of this project";
    "S3", "README of the VIP-swap sample", github "iljoong/vmss-vipswap";
    "SBY", "Standby pools: overview, questions, health states", compute "virtual-machine-scale-sets/standby-pools-overview.md";
    "SCHED", "Scheduled Events for Linux virtual machines", compute "virtual-machines/linux/scheduled-events.md";
    "SCHEDov", "Scheduled Events: overview page", at "Azure documentation, virtual machines";
    "SEQ", "Sequence extension provisioning", compute "virtual-machine-scale-sets/virtual-machine-scale-sets-extension-sequencing.md";
    "SF618", "microsoft/service-fabric, issue 618", github "microsoft/service-fabric/issues/618";
    "SIP", "Scale-in policy", compute "virtual-machine-scale-sets/virtual-machine-scale-sets-scale-in-policy.md";
    "SPM", "Spot Priority Mix", compute "virtual-machine-scale-sets/spot-priority-mix.md";
    "SPOT", "Spot virtual machines in scale sets", compute "virtual-machine-scale-sets/use-spot.md";
    "SPapi", "Compute reference, SpotRestorePolicy", at "learn.microsoft.com, Compute reference";
    "SPv", "Spot virtual machines", compute "virtual-machines/spot-vms.md";
    "STATES", "States and billing of virtual machines", compute "virtual-machines/states-billing.md";
    "STATUS", "Azure status history, review 2LZ0-3DG", at "azure.status.microsoft, history";
    "SURGE", "Rolling upgrades with MaxSurge", compute "virtual-machine-scale-sets/virtual-machine-scale-sets-maxsurge.md";
    "TEL1291", "Azure/telescope, pull request 1291", github "Azure/telescope/pull/1291";
    "TF11398", "terraform-provider-azurerm, issue 11398", github "hashicorp/terraform-provider-azurerm/issues/11398";
    "TF15634", "terraform-provider-azurerm, pull request 15634", github "hashicorp/terraform-provider-azurerm/pull/15634";
    "TF32645", "terraform-provider-azurerm, pull request 32645", github "hashicorp/terraform-provider-azurerm/pull/32645";
    "TF7002", "terraform-provider-azurerm, issue 7002", github "hashicorp/terraform-provider-azurerm/issues/7002";
    "TFDOC", "terraform-provider-azurerm: documentation of scale sets", github "hashicorp/terraform-provider-azurerm";
    "TFFD", "terraform-provider-azurerm: documentation of Front Door", github "hashicorp/terraform-provider-azurerm";
    "TFLB", "terraform-provider-azurerm: documentation of lb_probe", github "hashicorp/terraform-provider-azurerm";
    "TM", "Traffic Manager endpoint monitoring", azure "traffic-manager/traffic-manager-monitoring.md";
    "TMf", "Traffic Manager questions and answers", azure "traffic-manager/traffic-manager-FAQs.md";
    "TMi104593", "azure-docs, issue 104593", github "MicrosoftDocs/azure-docs/issues/104593";
    "TNDOC", "Terminate notification", compute "virtual-machine-scale-sets/virtual-machine-scale-sets-terminate-notification.md";
    "TRE1591", "microsoft/AzureTRE, issue 1591", github "microsoft/AzureTRE/issues/1591";
    "UP", "Upgrade policy modes", compute "virtual-machine-scale-sets/virtual-machine-scale-sets-upgrade-policy.md";
    "UPSET", "Set the upgrade policy mode", compute "virtual-machine-scale-sets/virtual-machine-scale-sets-set-upgrade-policy.md";
    "VAS", "Autoscale with scale sets", compute "virtual-machine-scale-sets/virtual-machine-scale-sets-autoscale-overview.md";
    "VS", "Sample code of a VIP swap for scale sets", github "iljoong/vmss-vipswap";
    "VSb", "VIP swap blue-green deployment in Azure Resource Manager (2017)",
        at "msftstack.wordpress.com/2017/02/24/vip-swap-blue-green-deployment-in-azure-resource-manager";
    "WALA", "Source and README of the Azure Linux Agent", github "Azure/WALinuxAgent";
    "ZBDOC", "Zone balancing", compute "virtual-machine-scale-sets/virtual-machine-scale-sets-zone-balancing.md";
    "arithmetic", "Follows by arithmetic from the other sources of the row", at "this project";
    "design", "The design of Windtunnel", at "this project";
    "none", "Looked for, and not found", at "none";
    "scenario", "What the scenario says", at "this project";
}
