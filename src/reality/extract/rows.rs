//! Rows of the table of durations: operations of recordings of which there is no timeline, or whose timeline lacks the set-up.

use super::super::case::{Call, Case, Power, Spot};
use super::super::recordings::tables::Measured;
use super::walk::replication;
use super::{Extract, MOST, Place, call_of};

/// Takes a row, if no timeline had it.
pub(super) fn take(row: &Measured, extract: &mut Extract) {
    let place = Place::new(&row.repo, &row.path, &row.date);
    if extract.counted(&place, row.seconds) {
        return;
    }
    // These rows were added to say the mode of deployments of which there were rows already.
    if row.operation.trim().eq_ignore_ascii_case(FLEXIBLE) && extract.has_create(&place, row.seconds) {
        return;
    }
    match case_of(row) {
        Ok(case) => extract.add_row(case, row.seconds, &place),
        Err(why) => extract.left(&why, &place),
    }
}

/// A deployment that is Flexible, as a later reading of the recordings names it.
const FLEXIBLE: &str = "deployment of a flexible set (with its network)";

impl Extract {
    fn add_row(&mut self, case: Case, seconds: f64, place: &Place) {
        self.duration(case, seconds, place);
        // Another row with the same seconds is another operation.
        self.counted(place, seconds);
    }
}

fn case_of(row: &Measured) -> Result<Case, String> {
    let operation = row.operation.trim().to_ascii_lowercase();
    let image = |call| Ok(Case::new(call, 1, 1));
    match operation.as_str() {
        "create-or-update microsoft.compute/galleries/images/versions" => return image(replication(row.seconds)),
        "run microsoft.virtualmachineimages/imagetemplates/run" => {
            return Err("image build: where the image goes is not recorded".to_owned());
        }
        _ => {}
    }
    let kind = of_set(&operation)?;
    if row.path.contains("app_gateway") || row.path.contains("ApplicationGateway") {
        return Err("create: its deployment contains an application gateway".to_owned());
    }
    let capacity = row.count.ok_or_else(|| "the capacity of the set is not recorded".to_owned())?;
    if capacity > MOST {
        return Err("more instances than a set may hold".to_owned());
    }
    if capacity == 0 {
        return Err("a call on a set without instances".to_owned());
    }
    let words = row.what.to_ascii_lowercase();
    if !words.starts_with("linux") && !words.starts_with("windows") {
        return Err("the operating system is not recorded".to_owned());
    }
    let notes = row.notes.to_ascii_lowercase();
    let (mut from, mut to) = (capacity, capacity);
    if let Some(rest) = notes.split("capacity ").nth(1).filter(|_| matches!(kind, Call::ScaleIn | Call::ScaleOut)) {
        let mut numbers = rest.split(|letter: char| !letter.is_ascii_digit()).filter_map(|word| word.parse().ok());
        (from, to) = (numbers.next().unwrap_or(from), numbers.next().unwrap_or(to));
    }
    let one = operation.contains("virtualmachinescalesets/virtualmachines") || kind == Call::Evict;
    let mut case = Case::new(kind, from, if one { 1 } else { to });
    case.windows = words.starts_with("windows");
    case.flexible = notes.contains("flexible") || operation.contains("flexible");
    case.surplus = (notes.contains("over true") || notes.contains("overprovision")) && !case.flexible;
    case.network = operation.contains("deployment") || notes.contains("deployment duration");
    case.spot =
        (notes.contains("spot") || notes.contains(", low") || words.contains("spot")).then_some(Spot::Deallocate);
    let before = notes.split(" extension").next().unwrap_or_default();
    let extensions = before.rsplit([' ', ';', ',']).next().and_then(|word| word.parse().ok());
    case.extensions = if notes.contains(" extension") { extensions.unwrap_or(1) } else { 0 };
    if kind == Call::Start {
        case.power = Power::Stopped;
    }
    Ok(case)
}

/// The call on a set that an operation is.
fn of_set(operation: &str) -> Result<Call, String> {
    match operation {
        "vmss create (arm deployment)" | "vmss create" | "set create" => return Ok(Call::Create),
        FLEXIBLE => return Ok(Call::Create),
        "vmss scale-in" => return Ok(Call::ScaleIn),
        "vmss scale-out" => return Ok(Call::ScaleOut),
        "simulateeviction to deallocated (scale set)" => return Ok(Call::Evict),
        "delete microsoft.compute/virtualmachinescalesets" => {
            return Err("a deletion: whether the machines ran is not recorded".to_owned());
        }
        _ => {}
    }
    if operation.contains("rollingupgrade") {
        return Err("an upgrade: who says what is healthy is not recorded".to_owned());
    }
    let known = operation.contains("virtualmachinescalesets/") || operation.starts_with("vmss ");
    if !known {
        return Err(format!("durations: {}", family(operation)));
    }
    if operation.contains("extensions") || operation.starts_with("create-or-update") || operation.starts_with("vmss ") {
        return Err("a write of a set: what it changes is not recorded".to_owned());
    }
    match call_of(operation.split(' ').next().unwrap_or_default()) {
        Ok(Call::Delete | Call::Redeploy | Call::Deallocate | Call::Reimage) => {
            Err("a call: whether the machines ran before it is not recorded".to_owned())
        }
        Ok(call) => Ok(call),
        Err(why) => Err(why.to_owned()),
    }
}

/// What an operation that is no one on a set is of.
fn family(operation: &str) -> &'static str {
    let has = |word: &str| operation.contains(word);
    match () {
        () if has("applicationgateway") => "an application gateway",
        () if has("cdn") => "a CDN or Azure Front Door",
        () if has("frontdoor") => "Front Door",
        () if has("galler") || has("image") => "images and galleries, but for new versions",
        () if has("loadbalancer") => "a load balancer",
        () if has("virtualmachine") || operation.starts_with("vm ") || has("(vm)") => "a single machine",
        () => "something else",
    }
}
