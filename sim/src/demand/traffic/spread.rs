//! How requests are spread over the backends in rotation: evenly (LB-24).

/// The requests a second that so many backends in rotation take, if each takes `capacity`: none have no room, however much one
/// could serve.
#[must_use]
pub fn room(capacity: Option<f64>, backends: u32) -> f64 {
    if backends == 0 { 0.0 } else { f64::from(backends) * capacity.unwrap_or(f64::INFINITY) }
}

/// The shares of requests that fail and that meet stale code, where so many backends take them, by what they do with a request, of which
/// some answer with errors; evenly spread (LB-24). Where a gateway tries again (AG-10), what got no answer finds one of the others.
#[must_use]
pub fn spread_over(taking: [u32; 3], erring: u32, retries: bool) -> [f64; 2] {
    let e = f64::from(taking.iter().sum::<u32>());
    if e == 0.0 {
        return [1.0, 0.0];
    }
    let [cannot, stale, _] = taking.map(f64::from);
    if retries && e > 1.0 {
        // The second try finds one of the others, each as likely. What is answered is not tried again.
        let answered = f64::from(erring).min(cannot);
        let (again, others) = ((cannot - answered) / e, e - 1.0);
        return [answered / e + again * (cannot - 1.0).max(0.0) / others, stale / e + again * stale / others];
    }
    [cannot / e, stale / e]
}
