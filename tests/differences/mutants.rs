//! Fleets that are nearly another one.

use windtunnel::input::tree::{Node, Value as Tree};

/// Draws: xorshift, so that they are the same everywhere.
pub struct Draws(u64);

impl Draws {
    /// Those of a fleet.
    pub fn new(fleet: usize) -> Self {
        Self(0x9E37_79B9_7F4A_7C15 ^ (fleet as u64 + 1))
    }

    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % most.max(1) as u64).expect("it is below a usize")
    }
}

/// A resource with some of its fields changed, taken out, or twice there.
pub fn mutated(node: &Node, draws: &mut Draws, depth: usize) -> Node {
    let value = match &node.value {
        Tree::Scalar(scalar) if draws.below(6) == 0 => {
            let mut scalar = scalar.clone();
            scalar.text = match scalar.text.as_str() {
                "true" => "false".to_owned(),
                "false" => "true".to_owned(),
                text => text.parse::<i64>().map_or_else(|_| format!("{text}x"), |number| (number + 1).to_string()),
            };
            Tree::Scalar(scalar)
        }
        Tree::Seq(items) => {
            let mut items: Vec<Node> = items.iter().map(|item| mutated(item, draws, depth + 1)).collect();
            match draws.below(8) {
                0 if !items.is_empty() => _ = items.remove(draws.below(items.len())),
                1 if !items.is_empty() => items.push(items[draws.below(items.len())].clone()),
                2 => items.reverse(),
                _ => {}
            }
            Tree::Seq(items)
        }
        Tree::Map(entries) => {
            let mut kept = Vec::new();
            for (key, value) in entries {
                let stays = ["name", "type"].contains(&key.text.as_str());
                if stays || depth == 0 || draws.below(12) > 0 {
                    kept.push((key.clone(), if stays { value.clone() } else { mutated(value, draws, depth + 1) }));
                }
            }
            Tree::Map(kept)
        }
        other => other.clone(),
    };
    Node { span: node.span.clone(), value }
}
