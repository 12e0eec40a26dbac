//! Ranges of addresses.

use core::net::{Ipv4Addr, Ipv6Addr};

use super::{Call, Row, data};
use crate::address::Address;
use crate::arm::expression::Outcome;
use crate::tree::Node;

pub(super) const TABLE: &[Row] = &[("parseCidr", 1, 1, parse), ("cidrSubnet", 3, 3, subnet), ("cidrHost", 2, 2, host)];

/// A range: an address of it, of whose bits so many are fixed.
#[derive(Clone, Copy)]
struct Range {
    address: Address,
    fixed: u32,
}

impl Range {
    fn of(call: &Call<'_>, text: &str) -> Outcome<Self> {
        let wrong = || call.wrong(format!("got `{text}`, which is not a range such as `10.0.0.0/24`"));
        let (address, fixed) = text.split_once('/').ok_or_else(wrong)?;
        let address = Address::of(address).ok_or_else(wrong)?;
        let fixed = fixed.parse().ok().filter(|fixed| *fixed <= address.bits).ok_or_else(wrong)?;
        Ok(Self { address, fixed })
    }

    /// The bits that are not fixed, all set.
    fn free(self) -> u128 {
        self.address.free(self.fixed)
    }

    fn is_v4(self) -> bool {
        self.address.bits == 32
    }

    fn first(self) -> u128 {
        self.address.number & !self.free()
    }

    fn last(self) -> u128 {
        self.address.number | self.free()
    }

    fn show(self, address: u128) -> String {
        match u32::try_from(address) {
            Ok(address) if self.is_v4() => Ipv4Addr::from(address).to_string(),
            _ => Ipv6Addr::from(address).to_string(),
        }
    }
}

/// Of version 4 the first and the last address are the network's own, but for ranges of one or two.
fn parse(call: &Call<'_>) -> Outcome<Node> {
    let range = Range::of(call, &call.text(0)?)?;
    let inset = u128::from(range.is_v4() && range.fixed < 31);
    let mask = if range.is_v4() { u128::from(u32::MAX) } else { u128::MAX } & !range.free();
    let text = |address| data::text(range.show(address), call.span);
    let mut entries = vec![("network", text(range.first())), ("netmask", text(mask))];
    if range.is_v4() {
        entries.push(("broadcast", text(range.last())));
    }
    entries.push(("firstUsable", text(range.first() + inset)));
    entries.push(("lastUsable", text(range.last() - inset)));
    entries.push(("cidr", data::integer(range.fixed.into(), call.span)));
    Ok(data::object(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(), call.span))
}

/// `cidrSubnet(range, fixed bits of the part, which part)`.
fn subnet(call: &Call<'_>) -> Outcome<Node> {
    let range = Range::of(call, &call.text(0)?)?;
    let (fixed, which) = (call.integer(1)?, call.integer(2)?);
    let outside = || call.wrong(format!("of part {which} with {fixed} fixed bits leaves the range"));
    let fixed = u32::try_from(fixed)
        .ok()
        .filter(|fixed| (range.fixed..=range.address.bits).contains(fixed))
        .ok_or_else(outside)?;
    let part = Range { fixed, ..range };
    let offset = u128::try_from(which).ok().and_then(|which| which.checked_mul(part.free().checked_add(1)?));
    let first = offset.filter(|offset| *offset <= range.free()).ok_or_else(outside)? + range.first();
    Ok(data::text(format!("{}/{fixed}", range.show(first)), call.span))
}

/// `cidrHost(range, which host)`: 0 is the one after the network's own address.
fn host(call: &Call<'_>) -> Outcome<Node> {
    let range = Range::of(call, &call.text(0)?)?;
    let which = call.integer(1)?;
    let offset = u128::try_from(which).ok().map(|which| which + 1).filter(|offset| *offset <= range.free());
    match offset {
        Some(offset) => Ok(data::text(range.show(range.first() + offset), call.span)),
        None => Err(call.wrong(format!("of host {which} leaves the range"))),
    }
}
