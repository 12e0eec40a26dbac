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
    ($($key:literal, $title:literal, $place:literal;)+) => {
        /// Every source, sorted by key.
        pub static SOURCES: &[Source] = &[$(Source { key: $key, title: $title, place: $place }),+];
    };
}

sources! {
    "ABO", "Aboukhalil, \"Move fast and break the cloud\" (2018)",
        "blog post";
    "ADO", "Azure DevOps scale set agents",
        "https://github.com/MicrosoftDocs/azure-devops-docs/blob/HEAD/docs/pipelines/agents/scale-set-agents.md";
    "AEU", "Automatic extension upgrade",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machines/automatic-extension-upgrade.md";
    "AG5", "Application Gateway: troubleshoot 502 errors",
        "https://github.com/MicrosoftDocs/azure-docs/blob/HEAD/articles/application-gateway/application-gateway-troubleshooting-502.md";
    "AGf", "Application Gateway features",
        "https://github.com/MicrosoftDocs/azure-docs/blob/HEAD/articles/application-gateway/features.md";
    "AGp", "Application Gateway health probes",
        "https://github.com/MicrosoftDocs/azure-docs/blob/HEAD/articles/application-gateway/application-gateway-probe-overview.md";
    "AGpr103445", "azure-docs, pull request 103445",
        "https://github.com/MicrosoftDocs/azure-docs/pull/103445";
    "AGs", "Application Gateway backend settings",
        "https://github.com/MicrosoftDocs/azure-docs/blob/HEAD/articles/application-gateway/configuration-http-settings.md";
    "AH", "Application Health extension",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machine-scale-sets/virtual-machine-scale-sets-health-extension.md";
    "AH1", "Source of the Application Health extension for Linux, version 1.0.7",
        "https://github.com/Azure/applicationhealth-extension-linux/tree/v1.0.7";
    "AH2", "Source of the Application Health extension for Linux, version 2.0.29",
        "https://github.com/Azure/applicationhealth-extension-linux";
    "AIR", "Automatic instance repairs",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machine-scale-sets/virtual-machine-scale-sets-automatic-instance-repairs.md";
    "AIRAL", "Alert rules for the service state of automatic repairs",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machine-scale-sets/alert-rules-automatic-repairs-service-state.md";
    "AOS", "Automatic OS image upgrades",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machine-scale-sets/virtual-machine-scale-sets-automatic-upgrade.md";
    "AOS114432", "azure-docs, issue 114432",
        "https://github.com/MicrosoftDocs/azure-docs/issues/114432";
    "ARO547", "ARO-RP, issue 547",
        "https://github.com/Azure/ARO-RP/issues/547";
    "ASapi", "Monitor REST specification, autoscale_API.json, version 2022-10-01",
        "https://github.com/Azure/azure-rest-api-specs/blob/HEAD/specification/monitor/resource-manager/Microsoft.Insights/stable/2022-10-01/autoscale_API.json";
    "ASb", "Autoscale best practices",
        "https://github.com/MicrosoftDocs/azure-monitor-docs/blob/HEAD/articles/azure-monitor/autoscale/autoscale-best-practices.md";
    "ASc", "Autoscale common metrics",
        "https://github.com/MicrosoftDocs/azure-monitor-docs/blob/HEAD/articles/azure-monitor/autoscale/autoscale-common-metrics.md";
    "ASf", "Flapping in autoscale",
        "https://github.com/MicrosoftDocs/azure-monitor-docs/blob/HEAD/articles/azure-monitor/autoscale/autoscale-flapping.md";
    "ASi29000", "azure-docs, issue 29000",
        "https://github.com/MicrosoftDocs/azure-docs/issues/29000";
    "ASm", "Autoscale with several profiles",
        "https://github.com/MicrosoftDocs/azure-monitor-docs/blob/HEAD/articles/azure-monitor/autoscale/autoscale-multiprofile.md";
    "ASold", "Autoscale best practices (2022)",
        "https://github.com/MicrosoftDocs/azure-docs/blob/HEAD/articles/azure-monitor/autoscale/autoscale-best-practices.md";
    "ASp", "Predictive autoscale",
        "https://github.com/MicrosoftDocs/azure-monitor-docs/blob/HEAD/articles/azure-monitor/autoscale/autoscale-predictive.md";
    "ASt", "Troubleshoot autoscale",
        "https://github.com/MicrosoftDocs/azure-monitor-docs/blob/HEAD/articles/azure-monitor/autoscale/autoscale-troubleshoot.md";
    "ASu", "Understand autoscale settings",
        "https://github.com/MicrosoftDocs/azure-monitor-docs/blob/HEAD/articles/azure-monitor/autoscale/autoscale-understanding-settings.md";
    "ATT", "Attach or detach a virtual machine",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machine-scale-sets/virtual-machine-scale-sets-attach-detach-vm.md";
    "AZB", "Automatic zone balance (preview)",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machine-scale-sets/auto-zone-balance-overview.md";
    "AZCLI15018", "Azure CLI, issue 15018",
        "https://github.com/Azure/azure-cli/issues/15018";
    "AZCLI29136", "Azure CLI, issue 29136",
        "https://github.com/Azure/azure-cli/issues/29136";
    "AZDOC", "Scale sets that use availability zones",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machine-scale-sets/virtual-machine-scale-sets-use-availability-zones.md";
    "AZP", "Automatic zone placement (preview)",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machine-scale-sets/virtual-machine-scale-sets-automatic-zone-placement.md";
    "BATCH", "Azure Batch SDK reference, RollingUpgradePolicy",
        "learn.microsoft.com, Batch SDK reference";
    "BILL", "Billing model of virtual machines",
        "general knowledge, page not read again";
    "CIN", "cloud-init deep dive",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machines/linux/cloud-init-deep-dive.md";
    "CLI", "Azure CLI help of `az vmss create` and `az vmss update`",
        "https://github.com/Azure/azure-cli";
    "CLI25476", "Azure CLI, issue 25476",
        "https://github.com/Azure/azure-cli/issues/25476";
    "CLI6387", "Azure CLI, issue 6387",
        "https://github.com/Azure/azure-cli/issues/6387";
    "CLIREC", "Azure CLI, recordings of its tests of `simulate-eviction` (2021 to 2024)",
        "https://github.com/Azure/azure-cli";
    "CMET", "Custom metrics for rolling upgrades",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machine-scale-sets/virtual-machine-scale-sets-rolling-upgrade-custom-metrics.md";
    "CSE", "Custom Script Extension for Linux",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machines/extensions/custom-script-linux.md";
    "DES", "Design considerations for scale sets",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machine-scale-sets/virtual-machine-scale-sets-design-overview.md";
    "FAQ", "Scale sets: frequently asked questions",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machine-scale-sets/virtual-machine-scale-sets-faq.yml";
    "FDDOC", "Choose the number of fault domains",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machine-scale-sets/virtual-machine-scale-sets-manage-fault-domains.md";
    "FDo", "Front Door origins and origin groups",
        "https://github.com/MicrosoftDocs/azure-docs/blob/HEAD/articles/frontdoor/origin.md";
    "FDp", "Front Door health probes",
        "https://github.com/MicrosoftDocs/azure-docs/blob/HEAD/articles/frontdoor/health-probes.md";
    "FDr", "Front Door routing methods",
        "https://github.com/MicrosoftDocs/azure-docs/blob/HEAD/articles/frontdoor/routing-methods.md";
    "GAL", "Azure Compute Gallery",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machines/azure-compute-gallery.md";
    "GAS", "Store and share images in a gallery",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machines/shared-image-galleries.md";
    "GAT", "Troubleshoot galleries",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machines/troubleshooting-shared-images.md";
    "GAV", "Create an image version",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machines/image-version.md";
    "GAapi", "Compute SDK reference: ReplicationStatus, RegionalReplicationStatus",
        "https://learn.microsoft.com/javascript/api/@azure-rest/arm-compute/replicationstatusoutput";
    "GAsd", "PowerShell Restore-AzGalleryImageVersion and notes of azure-mgmt-compute 38.4.0",
        "learn.microsoft.com, Az.Compute reference";
    "HAO", "Hao et al., arXiv 2107.03467",
        "https://arxiv.org/abs/2107.03467";
    "IBapi", "Image Builder SDK reference, RunSubState",
        "https://learn.microsoft.com/javascript/api/@azure/arm-imagebuilder/runsubstate";
    "IBj", "Image Builder template reference",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machines/linux/image-builder-json.md";
    "IBo", "Image Builder overview",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machines/image-builder-overview.md";
    "IBt", "Image Builder triggers",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machines/image-builder-triggers-how-to.md";
    "IBv", "VM boot optimization with Image Builder",
        "https://github.com/MicrosoftDocs/azure-docs/blob/HEAD/articles/virtual-machines/vm-boot-optimization.md";
    "IDS", "Instance ids and names",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machine-scale-sets/virtual-machine-scale-sets-instance-ids.md";
    "IPDOC", "Instance protection",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machine-scale-sets/virtual-machine-scale-sets-instance-protection.md";
    "K8S71594", "kubernetes/kubernetes, issue 71594",
        "https://github.com/kubernetes/kubernetes/issues/71594";
    "LBa", "Administrative state of Load Balancer backends",
        "https://github.com/MicrosoftDocs/azure-docs/blob/HEAD/articles/load-balancer/admin-state-overview.md";
    "LBapi", "Network SDK reference: Probe, ProbeNoHealthyBackendsBehavior",
        "https://learn.microsoft.com/javascript/api/@azure/arm-network/probe";
    "LBb", "Load Balancer best practices",
        "https://github.com/MicrosoftDocs/azure-docs/blob/HEAD/articles/load-balancer/load-balancer-best-practices.md";
    "LBd", "Load Balancer distribution modes",
        "https://github.com/MicrosoftDocs/azure-docs/blob/HEAD/articles/load-balancer/distribution-mode-concepts.md";
    "LBerr", "Load Balancer error codes",
        "https://github.com/MicrosoftDocs/azure-docs/blob/HEAD/articles/load-balancer/load-balancer-common-deployment-errors.md";
    "LBi121106", "azure-docs, issue 121106",
        "https://github.com/MicrosoftDocs/azure-docs/issues/121106";
    "LBi26619", "azure-docs, issue 26619",
        "https://github.com/MicrosoftDocs/azure-docs/issues/26619";
    "LBi57947", "azure-docs, issue 57947",
        "https://github.com/MicrosoftDocs/azure-docs/issues/57947";
    "LBm", "Manage health probes of Load Balancer",
        "https://github.com/MicrosoftDocs/azure-docs/blob/HEAD/articles/load-balancer/manage-probes-how-to.md";
    "LBp", "Load Balancer health probes",
        "https://github.com/MicrosoftDocs/azure-docs/blob/HEAD/articles/load-balancer/load-balancer-custom-probe-overview.md";
    "LBpr97561", "azure-docs, pull request 97561, with issues 118246 and 116779",
        "https://github.com/MicrosoftDocs/azure-docs/pull/97561";
    "LBr", "Load Balancer TCP reset and idle timeout",
        "https://github.com/MicrosoftDocs/azure-docs/blob/HEAD/articles/load-balancer/load-balancer-tcp-reset.md";
    "MAN", "Perform manual upgrades",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machine-scale-sets/virtual-machine-scale-sets-perform-manual-upgrades.md";
    "MAO", "Mao and Humphrey, IEEE CLOUD 2012: a performance study on VM startup time",
        "IEEE CLOUD 2012, slides";
    "MCTL", "Maintenance control for OS image upgrades",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machines/virtual-machine-scale-sets-maintenance-control.md";
    "MNT", "Maintenance and updates of virtual machines",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machines/maintenance-and-updates.md";
    "MOD", "Modify a scale set",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machine-scale-sets/virtual-machine-scale-sets-upgrade-scale-set.md";
    "MYR30", "gbowerman/azure-myriad, issue 30",
        "https://github.com/gbowerman/azure-myriad/issues/30";
    "OC987", "opencb/opencga, issue 987",
        "https://github.com/opencb/opencga/issues/987";
    "OCc", "Octopus: setting the concurrency tag",
        "https://octopus.com/docs/tenants/guides/tenants-sharing-machine-targets/setting-the-concurrency-tag";
    "OCg", "Octopus guided failures",
        "https://github.com/OctopusDeploy/docs/blob/HEAD/src/pages/docs/releases/guided-failures.md";
    "OCm", "Octopus machine policies",
        "https://github.com/OctopusDeploy/docs/blob/HEAD/src/pages/docs/infrastructure/deployment-targets/machine-policies.mdx";
    "OCp", "Octopus: running steps in parallel",
        "octopus.com documentation";
    "OCr", "Octopus rolling deployments",
        "https://github.com/OctopusDeploy/docs/blob/HEAD/src/pages/docs/deployments/patterns/rolling-deployments.md";
    "OCs", "Octopus step template \"Check VMSS Provision Status\", version 3",
        "https://github.com/OctopusDeploy/Library/blob/HEAD/step-templates/azure-check-vmss-provision-status.json";
    "OCt", "Octopus deployment target triggers",
        "https://github.com/OctopusDeploy/docs/blob/HEAD/src/pages/docs/projects/project-triggers/deployment-target-triggers.md";
    "OCx", "Octopus: deploying to transient targets",
        "https://github.com/OctopusDeploy/docs/blob/HEAD/src/pages/docs/deployments/patterns/elastic-and-transient-environments/deploying-to-transient-targets.md";
    "ORCH", "Orchestration modes for Virtual Machine Scale Sets",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machine-scale-sets/virtual-machine-scale-sets-orchestration-modes.md";
    "OSL46", "Azure-Samples/open-source-labs, issue 46",
        "https://github.com/Azure-Samples/open-source-labs/issues/46";
    "PARA", "Parametrix analysis, with summaries of Microsoft's review",
        "press and vendor analyses";
    "PGDOC", "Large scale sets and placement groups",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machine-scale-sets/virtual-machine-scale-sets-placement-groups.md";
    "PS11896", "Azure PowerShell, issue 11896",
        "https://github.com/Azure/azure-powershell/issues/11896";
    "PSROLL", "Azure PowerShell: example of Set-AzVmssRollingUpgradePolicy",
        "learn.microsoft.com, Az.Compute reference";
    "PSTEST", "Tests of Az.Compute",
        "https://github.com/Azure/azure-powershell";
    "RCD", "Resilient create and delete",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machine-scale-sets/resilient-vm-create-delete.md";
    "REC", "Recordings of the tests of Azure's own tools and libraries against the platform, 2015 to 2025",
        "azure-cli, azure-sdk-for-python, azure-sdk-for-net, azure-libraries-for-net: the folders recordings and SessionRecords";
    "REI", "Reimage a virtual machine of a scale set",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machine-scale-sets/virtual-machine-scale-sets-reimage-virtual-machine.md";
    "REST", "Compute REST specification, virtualMachineScaleSet.json, version 2024-11-01",
        "https://github.com/Azure/azure-rest-api-specs";
    "ROLL", "Configure rolling upgrades",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machine-scale-sets/virtual-machine-scale-sets-configure-rolling-upgrades.md";
    "RUN", "Run Command overview",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machines/run-command-overview.md";
    "S-ALLOC", "Support article: AllocationFailed or ZonalAllocationFailed",
        "https://github.com/MicrosoftDocs/SupportArticles-docs/blob/HEAD/support/azure/virtual-machine-scale-sets/deploy/allocationfailed-or-zonalallocationfailed.md";
    "S-BOOT", "Support article: understand a reboot of a virtual machine",
        "https://github.com/MicrosoftDocs/SupportArticles-docs/blob/HEAD/support/azure/virtual-machines/windows/understand-vm-reboot.md";
    "S-DEL", "Support article: operation not allowed on delete",
        "https://github.com/MicrosoftDocs/SupportArticles-docs/blob/HEAD/support/azure/virtual-machine-scale-sets/delete/vmss-operation-not-allowed.md";
    "S-EXT", "Support article: extension provisioning errors",
        "https://github.com/MicrosoftDocs/SupportArticles-docs/blob/HEAD/support/azure/virtual-machine-scale-sets/extensions/vm-extension-provisioning-errors.md";
    "S-FD", "Support article: invalid fault domain count",
        "https://github.com/MicrosoftDocs/SupportArticles-docs/blob/HEAD/support/azure/virtual-machine-scale-sets/deploy/vmss-invalid-parameter-fault-domain-count.md";
    "S-QUOTA", "Support article: quota exceeded while scaling",
        "https://github.com/MicrosoftDocs/SupportArticles-docs/blob/HEAD/support/azure/virtual-machine-scale-sets/scaling/virtual-machine-scale-sets-quota-exceeded.md";
    "S-REP", "Support article: instances not repaired",
        "https://github.com/MicrosoftDocs/SupportArticles-docs/blob/HEAD/support/azure/virtual-machine-scale-sets/restart-stop/instances-not-repaired.md";
    "S-SPG", "Support article: single placement group refused",
        "https://github.com/MicrosoftDocs/SupportArticles-docs/blob/HEAD/support/azure/virtual-machine-scale-sets/deploy/vmss-invalid-parameter-single-placement-group.md";
    "S0", "Incident report \"Azure VMSS Scaling with Outdated Code\"",
        "founding document of this project";
    "S1", "Article on golden images and scale sets with Flexible orchestration",
        "founding document of this project";
    "S2", "Octopus guide: scale set deployment targets",
        "founding document of this project";
    "S3", "README of the VIP-swap sample",
        "https://github.com/iljoong/vmss-vipswap";
    "SBY", "Standby pools: overview, questions, health states",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machine-scale-sets/standby-pools-overview.md";
    "SCHED", "Scheduled Events for Linux virtual machines",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machines/linux/scheduled-events.md";
    "SCHEDov", "Scheduled Events: overview page",
        "Azure documentation, virtual machines";
    "SEQ", "Sequence extension provisioning",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machine-scale-sets/virtual-machine-scale-sets-extension-sequencing.md";
    "SF618", "microsoft/service-fabric, issue 618",
        "https://github.com/microsoft/service-fabric/issues/618";
    "SIP", "Scale-in policy",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machine-scale-sets/virtual-machine-scale-sets-scale-in-policy.md";
    "SPM", "Spot Priority Mix",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machine-scale-sets/spot-priority-mix.md";
    "SPOT", "Spot virtual machines in scale sets",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machine-scale-sets/use-spot.md";
    "SPapi", "Compute reference, SpotRestorePolicy",
        "learn.microsoft.com, Compute reference";
    "SPv", "Spot virtual machines",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machines/spot-vms.md";
    "STATES", "States and billing of virtual machines",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machines/states-billing.md";
    "STATUS", "Azure status history, review 2LZ0-3DG",
        "azure.status.microsoft, history";
    "SURGE", "Rolling upgrades with MaxSurge",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machine-scale-sets/virtual-machine-scale-sets-maxsurge.md";
    "TEL1291", "Azure/telescope, pull request 1291",
        "https://github.com/Azure/telescope/pull/1291";
    "TF11398", "terraform-provider-azurerm, issue 11398",
        "https://github.com/hashicorp/terraform-provider-azurerm/issues/11398";
    "TF15634", "terraform-provider-azurerm, pull request 15634",
        "https://github.com/hashicorp/terraform-provider-azurerm/pull/15634";
    "TF32645", "terraform-provider-azurerm, pull request 32645",
        "https://github.com/hashicorp/terraform-provider-azurerm/pull/32645";
    "TF7002", "terraform-provider-azurerm, issue 7002",
        "https://github.com/hashicorp/terraform-provider-azurerm/issues/7002";
    "TFDOC", "terraform-provider-azurerm: documentation of scale sets",
        "https://github.com/hashicorp/terraform-provider-azurerm";
    "TFFD", "terraform-provider-azurerm: documentation of Front Door",
        "https://github.com/hashicorp/terraform-provider-azurerm";
    "TFLB", "terraform-provider-azurerm: documentation of lb_probe",
        "https://github.com/hashicorp/terraform-provider-azurerm";
    "TM", "Traffic Manager endpoint monitoring",
        "https://github.com/MicrosoftDocs/azure-docs/blob/HEAD/articles/traffic-manager/traffic-manager-monitoring.md";
    "TNDOC", "Terminate notification",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machine-scale-sets/virtual-machine-scale-sets-terminate-notification.md";
    "TRE1591", "microsoft/AzureTRE, issue 1591",
        "https://github.com/microsoft/AzureTRE/issues/1591";
    "UP", "Upgrade policy modes",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machine-scale-sets/virtual-machine-scale-sets-upgrade-policy.md";
    "UPSET", "Set the upgrade policy mode",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machine-scale-sets/virtual-machine-scale-sets-set-upgrade-policy.md";
    "VAS", "Autoscale with scale sets",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machine-scale-sets/virtual-machine-scale-sets-autoscale-overview.md";
    "VS", "Sample code of a VIP swap for scale sets",
        "https://github.com/iljoong/vmss-vipswap";
    "VSb", "VIP swap blue-green deployment in Azure Resource Manager (2017)",
        "msftstack.wordpress.com/2017/02/24/vip-swap-blue-green-deployment-in-azure-resource-manager";
    "WALA", "Source and README of the Azure Linux Agent",
        "https://github.com/Azure/WALinuxAgent";
    "ZBDOC", "Zone balancing",
        "https://github.com/MicrosoftDocs/azure-compute-docs/blob/HEAD/articles/virtual-machine-scale-sets/virtual-machine-scale-sets-zone-balancing.md";
    "arithmetic", "Follows by arithmetic from the other sources of the row",
        "this project";
    "design", "The design of Windtunnel",
        "this project";
    "none", "Looked for, and not found",
        "none";
    "scenario", "What the scenario says",
        "this project";
}
