//! The rows of the assumptions on what teams put around Azure to deliver their code. They stand after those on machines; the table is in
//! `assumption_table.rs`.

/// Makes the table of the rows given, and of these before them.
macro_rules! with_delivery {
    ($($rows:tt)*) => {
        with_machine! {
            AgentsStartup = "agents.startup", dist(lognormal(s(120), 0.4), s(0), h(1)),
                "How long the extension of Azure Pipelines takes, after all others on a new disk, until the agent is online.",
                "It downloads, unpacks and registers the agent; no time is published. About 300 s are reported from the request of a machine to \
                 its agent (Azure/azure-sdk-tools #1359), and about 15 min for a reset (lsds/sgx-lkl #406).";
            AgentsGrowthStep = "agents.growth_step", share(0.25),
                "By which share of its maximum a pool of agents grows in one step, rounded up.",
                "\"Increments of a certain percentage of the maximum pool size\" (DO-03), which two issues ask for in vain; a \
                 team that needed 40 agents saw 10 at a time (MicrosoftDocs/azure-devops-docs #10443), and the page's own \
                 example goes by 2 of 4.";
            AgentsSamplePhase = "agents.sample_phase", choice(as Phase: Seeded, Aligned),
                "When a pool of agents is first sampled: at a drawn instant of the first five minutes, or at their end.",
                "The job that sizes pools runs every five minutes for all pools of the service; when for this one is not said.";
            AgentsExcess = "agents.excess", choice(Pool "pool", Agent "agent"),
                "What has to last as long as `timeToLiveMinutes` before idle agents are deleted: that the pool has too many, or that \
                 those agents are idle.",
                "The page counts the pool; the API says \"the minimum time in minutes to keep idle agents alive\", and a \
                 maintainer looks for agents that are idle so long (MicrosoftDocs/azure-devops-docs #7840).";
            AgentsRecycle = "agents.recycle", choice(NextSample "next_sample", AtOnce "at_once"),
                "When the machine of an agent that has done its job is made anew.",
                "The job that sizes the pool runs every five minutes, and does every operation on the set (DO-05).";
            EnvironmentsPercentRound = "environments.percent_round", choice(Floor "floor", Ceiling "ceiling"),
                "How `maxParallel` in percent is rounded to a number of targets.",
                "With one target, a share of them is refused with \"deployment configuration settings are not met\", and \"one \
                 at a time\" is not (MicrosoftDocs/azure-devops-docs #322): it is rounded down.";
            EnvironmentsOffline = "environments.offline", choice(Fails "fails", Skipped "skipped"),
                "What a target that is offline counts as in a deployment to an environment.",
                "For deployment groups every machine has to be online (MicrosoftDocs/azure-devops-docs #322); for environments \
                 nothing is published.";
            $($rows)*
        }
    };
}
pub(super) use with_delivery;
