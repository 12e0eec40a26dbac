//! Which pools a reference of a network interface means.

use super::{Balancers, Context, no_part};
use crate::arm::reference::{self, reference_name};
use crate::problem::{Problem, did_you_mean, suggest};
use crate::tree::Span;
use windtunnel_sim::plan::Pool;

/// What has pools that network interfaces join.
pub struct Owners {
    is_gateway: bool,
    /// Their type in a resource id.
    segment: &'static str,
    what: &'static str,
    /// What to do where none has the pool.
    add: &'static str,
    /// Their group of commands in `az network`.
    command: &'static str,
    /// Whether a reference is as Azure prints it, and not written by hand.
    is_printed: fn(&str) -> bool,
}

/// Load balancers.
pub static LOAD_BALANCERS: Owners = Owners {
    is_gateway: false,
    segment: "loadBalancers",
    what: "load balancer",
    add: "add the load balancer to `resources`",
    command: "lb",
    is_printed: |id| id.starts_with('/'),
};

/// Application gateways.
pub static GATEWAYS: Owners = Owners {
    is_gateway: true,
    segment: "applicationGateways",
    what: "application gateway",
    add: "add the gateway to `resources`",
    command: "application-gateway",
    is_printed: |id| id.contains('/'),
};

impl Balancers {
    /// The pools that a reference means, as each of their probes sees them: a plain name, `owner/pool`, or a resource id.
    pub fn pools(&self, of: &Owners, id: &str, span: &Span, cx: &mut Context<'_>) -> Vec<u16> {
        let (owner, name) =
            reference::child_of(id, of.segment, "backendAddressPools").unwrap_or((None, reference_name(id)));
        let is_of = |pool: &&Pool| pool.prober.gateway().is_some() == of.is_gateway;
        let is = |pool: &Pool| {
            is_of(&pool)
                && pool.name.eq_ignore_ascii_case(name)
                && owner.is_none_or(|known| pool.balancer.eq_ignore_ascii_case(known))
        };
        let matching: Vec<usize> = (0..self.pools.len()).filter(|at| is(&self.pools[*at])).collect();
        let mut owners: Vec<&str> = matching.iter().map(|at| self.pools[*at].balancer.as_str()).collect();
        owners.dedup();
        match owners.as_slice() {
            [_] => return matching.into_iter().filter_map(|at| u16::try_from(at).ok()).collect(),
            [] => {
                let is_unrouted = self.unrouted.iter().any(|known| reference_name(known).eq_ignore_ascii_case(name));
                let is_by_address = self.by_address.iter().filter_map(|known| known.split_once('/')).any(|known| {
                    known.1.eq_ignore_ascii_case(name) && owner.is_none_or(|owner| known.0.eq_ignore_ascii_case(owner))
                });
                if of.is_gateway && is_by_address {
                    let message = format!("the pool `{name}` has backends by address, too");
                    let problem = Problem::error("E0505", message).at(span, "and these instances");
                    cx.problems.push(problem.help("put the instances and the addresses into two pools"));
                } else if !is_unrouted && !self.is_elsewhere(of, (id, owner), span, cx) {
                    cx.problems.push(self.no_pool(of, owner, name, span));
                }
            }
            several => {
                let names: Vec<String> = several.iter().map(|owner| format!("{owner}/{name}")).collect();
                let problem = Problem::error("E0214", format!("several {}s have a pool `{name}`", of.what));
                cx.problems.push(problem.at(span, "ambiguous").help(format!("write {}", names.join(" or "))));
            }
        }
        Vec::new()
    }

    /// What is wrong with a reference that no pool is meant by: its owner, where nothing has that name, or the pool.
    fn no_pool(&self, of: &Owners, owner: Option<&str>, name: &str, span: &Span) -> Problem {
        let own = || self.pools.iter().filter(|pool| pool.prober.gateway().is_some() == of.is_gateway);
        let is_here = |owner: &str| self.names.iter().any(|known| known.eq_ignore_ascii_case(owner));
        let (message, label, help) = match owner {
            Some(owner) if !is_here(owner) => (
                format!("there is no {} `{owner}`", of.what),
                format!("unknown {}", of.what),
                suggest(owner, own().map(|pool| pool.balancer.as_str())),
            ),
            Some(owner) => {
                let own = own().filter(|pool| pool.balancer.eq_ignore_ascii_case(owner));
                let help = suggest(name, own.map(|pool| pool.name.as_str()));
                let problem = no_part(format!("the {} `{owner}` has no pool `{name}`", of.what));
                return problem.at(span, "unknown pool").help(help.unwrap_or_else(|| of.add.into()));
            }
            None => {
                let help = suggest(name, own().map(|pool| pool.name.as_str()));
                (format!("no {} has a pool `{name}`", of.what), "unknown pool".to_owned(), help)
            }
        };
        Problem::error("E0504", message).at(span, label).help(help.unwrap_or_else(|| of.add.into()))
    }

    /// Whether a whole resource id leads to an owner that the scenario does not have; says so. Such ids are in what Azure prints of a
    /// scale set alone, while a plain name is written by hand and must be right.
    pub fn is_elsewhere(
        &self,
        of: &Owners,
        (id, owner): (&str, Option<&str>),
        span: &Span,
        cx: &mut Context<'_>,
    ) -> bool {
        let Some(owner) = owner.filter(|_| (of.is_printed)(id)) else { return false };
        let is_here = self.names.iter().any(|name| name.eq_ignore_ascii_case(owner));
        // Nobody mistypes the id of a real subscription: its balancer is in another file, however near the names are.
        let is_near = || did_you_mean(owner, self.names.iter().map(String::as_str)).is_some();
        if is_here || (!reference::is_of_a_subscription(id) && is_near()) {
            return false;
        }
        let message = format!("the {} `{owner}` is not among the resources, so it is ignored", of.what);
        let problem = Problem::warning("W0207", message).at(span, "leads to it");
        cx.problems.push(problem.help(format!("add the output of `az network {} show` to `resources`", of.command)));
        true
    }
}
