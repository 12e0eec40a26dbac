//! The drawing surface all plots share: an SVG of a fixed size, in the house's colours and type.
//!
//! Coordinates are in pixels of the shown picture, with half pixels kept: the SVG is drawn twice as large and shown at
//! half that. Text is not measured with a font, which would depend on the machine, but with a table of the widths of the
//! font that is shipped for the PNG; browsers that lack it take one of the same widths.

use super::svg::{BOX, Svg};
use plotters::prelude::{DrawingBackend, FontDesc, FontFamily, FontStyle, RGBColor, ShapeStyle, TextStyle};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, IntoTextStyle};
use windtunnel_words::control::escaped;

/// How much larger the SVG is drawn than it is shown.
const FINE: f64 = 2.0;
const FONT: &str = "DejaVu Sans, Verdana, sans-serif";

/// Colours of the house: those of `assets/report/palette.css` in daylight, read when this is compiled.
pub mod ink {
    use plotters::style::RGBColor;

    const PALETTE: &[u8] = include_bytes!("../../../assets/report/palette.css");

    /// The colour that the palette gives a name. A name that it has not stops the compiler.
    const fn of(name: &str) -> RGBColor {
        let mut at = 0;
        while !is_named(at, name.as_bytes()) {
            at += 1;
        }
        while PALETTE[at] != b'#' {
            at += 1;
        }
        RGBColor(byte(at + 1), byte(at + 3), byte(at + 5))
    }

    /// Whether `--name:` stands at a place.
    const fn is_named(at: usize, name: &[u8]) -> bool {
        let mut i = 0;
        while i < name.len() {
            if PALETTE[at + 2 + i] != name[i] {
                return false;
            }
            i += 1;
        }
        PALETTE[at] == b'-' && PALETTE[at + 1] == b'-' && PALETTE[at + 2 + name.len()] == b':'
    }

    const fn byte(at: usize) -> u8 {
        digit(PALETTE[at]) * 16 + digit(PALETTE[at + 1])
    }

    const fn digit(character: u8) -> u8 {
        match character {
            b'0'..=b'9' => character - b'0',
            b'a'..=b'f' => character - b'a' + 10,
            _ => panic!("colours of the palette are six small hexadecimal digits"),
        }
    }

    /// Text and lines that matter.
    pub const DARK: RGBColor = of("ink");
    /// Text that explains.
    pub const SOFT: RGBColor = of("soft");
    /// Axes and ticks.
    pub const RULE: RGBColor = of("rule");
    /// The grid.
    pub const GRID: RGBColor = of("grid");
    /// The ground.
    pub const PAPER: RGBColor = of("paper");
    /// Blue, as links of the pages have it.
    pub const BLUE: RGBColor = of("accent");
    /// Ready, and not in rotation.
    pub const SKY: RGBColor = of("s3");
    /// Booted, and cannot serve yet.
    pub const PALE_SKY: RGBColor = of("s2");
    /// What is good.
    pub const GREEN: RGBColor = of("dot-good");
    /// A tint of it, for what is as it should be and covers large areas.
    pub const PALE_GREEN: RGBColor = of("s4");
    /// Old code.
    pub const ORANGE: RGBColor = of("s5");
    /// What harms.
    pub const VERMILLION: RGBColor = of("s6");
    /// An outage: out of rotation, since it cannot serve.
    pub const OUTAGE: RGBColor = of("s7");
    /// What is on its way.
    pub const GREY: RGBColor = of("s0");
    /// What is further on its way.
    pub const MID_GREY: RGBColor = of("s1");
    /// What is on its way out.
    pub const FAINT: RGBColor = of("s9");
    /// What a run has, where dots of what was observed stand over it.
    pub const SIMULATED: RGBColor = of("simulated");
    /// Its edge.
    pub const BAD: RGBColor = of("bad");
}

/// What fills an area.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Fill {
    /// One colour.
    Plain(RGBColor),
    /// Amber, striped: in rotation and served by old code.
    Stale,
    /// Red, striped the other way: in rotation and not served at all.
    Harm,
    /// Stripes and nothing between them, over another fill: older than users need.
    Old,
}

/// How text is set.
#[derive(Clone, Copy)]
pub struct Type {
    /// Height in pixels.
    pub size: f64,
    /// Bold.
    pub bold: bool,
    /// Its colour.
    pub color: RGBColor,
    /// Where the point lies along the text.
    pub anchor: HPos,
}

impl Type {
    /// Plain text to the right of its point.
    pub const fn new(size: f64, color: RGBColor) -> Self {
        Self { size, bold: false, color, anchor: HPos::Left }
    }

    /// In bold.
    #[must_use]
    pub const fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    /// To the left of its point.
    #[must_use]
    pub const fn right(self) -> Self {
        Self { anchor: HPos::Right, ..self }
    }

    /// Around its point.
    #[must_use]
    pub const fn centred(self) -> Self {
        Self { anchor: HPos::Center, ..self }
    }

    /// How wide `text` is set so.
    pub fn width(self, text: &str) -> f64 {
        let units: u32 = text.chars().map(|letter| advance(letter, self.bold)).sum();
        f64::from(units) / 1000.0 * self.size
    }

    /// As much of the end of `text` as `width` holds, since names differ at their ends.
    pub fn fit_end(self, text: &str, width: f64) -> String {
        if self.width(text) <= width {
            return text.to_owned();
        }
        let starts = text.char_indices().skip(1).map(|(at, _)| format!("…{}", &text[at..]));
        starts.into_iter().find(|cut| self.width(cut) <= width).unwrap_or_default()
    }

    /// As much of `text` as `width` holds, with an ellipsis where something is missing.
    pub fn fit(self, text: &str, width: f64) -> String {
        if self.width(text) <= width {
            return text.to_owned();
        }
        let mut kept: String = text.to_owned();
        while kept.pop().is_some() {
            let cut = format!("{}…", kept.trim_end());
            if self.width(&cut) <= width {
                return cut;
            }
        }
        String::new()
    }
}

/// A rectangle: left, top, right, bottom.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Area {
    /// Left.
    pub x0: f64,
    /// Top.
    pub y0: f64,
    /// Right.
    pub x1: f64,
    /// Bottom.
    pub y1: f64,
}

impl Area {
    /// How wide.
    pub fn width(&self) -> f64 {
        self.x1 - self.x0
    }

    /// How high.
    pub fn height(&self) -> f64 {
        self.y1 - self.y0
    }
}

/// The surface.
pub struct Canvas {
    backend: Svg,
}

fn px((x, y): (f64, f64)) -> (i32, i32) {
    ((x * FINE).round() as i32, (y * FINE).round() as i32)
}

/// The points of a path that can be seen: of many above one another the first, the lowest, the highest and the last. What
/// is covered is the same, however often a curve goes up and down within a pixel.
fn seen(points: &[(f64, f64)]) -> Vec<(i32, i32)> {
    let all: Vec<(i32, i32)> = points.iter().copied().map(px).collect();
    let mut kept = Vec::with_capacity(all.len().min(4096));
    for column in all.chunk_by(|a, b| a.0 == b.0) {
        if column.len() <= 4 {
            kept.extend_from_slice(column);
            continue;
        }
        let last = column.len() - 1;
        let low = (0..=last).min_by_key(|&at| column[at].1).unwrap_or(0);
        let high = (0..=last).max_by_key(|&at| column[at].1).unwrap_or(0);
        let mut four = [0, low.min(high), low.max(high), last].map(|at| column[at]).to_vec();
        four.dedup();
        kept.extend(four);
    }
    kept
}

fn stroke(color: RGBColor, width: f64) -> ShapeStyle {
    ShapeStyle { color: color.to_rgba(), filled: false, stroke_width: (width * FINE).round() as u32 }
}

const IN_MEMORY: &str = "a drawing in memory does not fail";

impl Canvas {
    /// Draws an SVG of this size.
    pub fn svg(width: f64, height: f64, draw: impl FnOnce(&mut Self)) -> String {
        let mut canvas = Self { backend: Svg::new(((width * FINE) as u32, (height * FINE) as u32)) };
        canvas.rect(Area { x0: 0.0, y0: 0.0, x1: width, y1: height }, Fill::Plain(ink::PAPER));
        draw(&mut canvas);
        canvas.backend.finish(width, height)
    }

    /// Fills a rectangle. One that would vanish between two pixels is as wide as the finest line.
    pub fn rect(&mut self, area: Area, fill: Fill) {
        let (from, mut to) = (px((area.x0, area.y0)), px((area.x1, area.y1)));
        to = (to.0.max(from.0 + 1), to.1.max(from.1 + 1));
        self.backend.rect(from, to, fill);
    }

    /// Draws a line through `points`.
    pub fn line(&mut self, points: &[(f64, f64)], color: RGBColor, width: f64) {
        if points.len() > 1 {
            self.backend.draw_path(seen(points), &stroke(color, width)).expect(IN_MEMORY);
        }
    }

    /// Draws a dashed straight line, across or down.
    pub fn dashed(&mut self, from: (f64, f64), to: (f64, f64), color: RGBColor, width: f64) {
        const DASH: f64 = 5.0;
        let length = (to.0 - from.0).abs().max((to.1 - from.1).abs());
        let at = |part: f64| (from.0 + (to.0 - from.0) * part, from.1 + (to.1 - from.1) * part);
        let mut along = 0.0;
        while along < length {
            let end = (along + DASH).min(length);
            self.line(&[at(along / length), at(end / length)], color, width);
            along += 2.0 * DASH;
        }
    }

    /// Fills a polygon.
    pub fn polygon(&mut self, points: &[(f64, f64)], fill: Fill) {
        if points.len() > 2 {
            self.backend.polygon(seen(points), fill);
        }
    }

    /// Draws a dot, which what lies below shows through as far as `opacity` leaves off 1.
    pub fn dot(&mut self, at: (f64, f64), radius: f64, color: RGBColor, opacity: f64) {
        let style = ShapeStyle { color: color.mix(opacity), filled: true, stroke_width: 0 };
        self.backend.draw_circle(px(at), (radius * FINE).round() as u32, &style, true).expect(IN_MEMORY);
    }

    /// Draws a circle and nothing in it.
    pub fn ring(&mut self, at: (f64, f64), radius: f64, color: RGBColor, width: f64) {
        let radius = (radius * FINE).round() as u32;
        self.backend.draw_circle(px(at), radius, &stroke(color, width), false).expect(IN_MEMORY);
    }

    /// Writes `text`, its middle at the height of the point.
    pub fn text(&mut self, at: (f64, f64), text: &str, set: Type) {
        let size = set.size * FINE * BOX;
        let style = if set.bold { FontStyle::Bold } else { FontStyle::Normal };
        let font = FontDesc::new(FontFamily::Name(FONT), size, style);
        let style: TextStyle<'_> = font.into_text_style(&(0, 0)).color(&set.color);
        let style = style.pos(Pos::new(set.anchor, VPos::Center));
        self.backend.draw_text(&escaped(text), &style, px(at)).expect(IN_MEMORY);
    }

    /// Writes `text` on a plate of `ground`, so that it reads on a pattern.
    pub fn plate(&mut self, at: (f64, f64), text: &str, set: Type, ground: RGBColor) {
        let (width, half) = (set.width(text) + 8.0, set.size * 0.72);
        let x0 = match set.anchor {
            HPos::Left => at.0 - 4.0,
            HPos::Center => at.0 - width / 2.0,
            HPos::Right => at.0 - width + 4.0,
        };
        self.rect(Area { x0, y0: at.1 - half, x1: x0 + width, y1: at.1 + half }, Fill::Plain(ground));
        self.text(at, text, set);
    }
}

/// Advance widths in thousandths of the size, for the letters from space to tilde.
const PLAIN: [u16; 95] = [
    318, 401, 460, 838, 636, 950, 780, 275, 390, 390, 500, 838, 318, 361, 318, 337, 636, 636, 636, 636, 636, 636, 636,
    636, 636, 636, 337, 337, 838, 838, 838, 531, 1000, 684, 686, 698, 770, 632, 575, 775, 752, 295, 295, 656, 557, 863,
    748, 787, 603, 787, 695, 635, 611, 732, 684, 989, 685, 611, 685, 390, 337, 390, 838, 500, 500, 613, 635, 550, 635,
    615, 352, 635, 634, 278, 278, 579, 278, 974, 634, 612, 635, 635, 411, 521, 392, 634, 592, 818, 592, 592, 525, 636,
    337, 636, 838,
];
const BOLD: [u16; 95] = [
    348, 456, 521, 838, 696, 1002, 872, 306, 457, 457, 523, 838, 380, 415, 380, 365, 696, 696, 696, 696, 696, 696, 696,
    696, 696, 696, 400, 400, 838, 838, 838, 580, 1000, 774, 762, 734, 830, 683, 683, 821, 837, 372, 372, 775, 637, 995,
    837, 850, 733, 850, 770, 720, 682, 812, 774, 1103, 771, 724, 725, 457, 365, 457, 838, 500, 500, 675, 716, 593, 716,
    678, 435, 716, 712, 343, 343, 665, 343, 1042, 712, 687, 716, 716, 493, 595, 478, 712, 652, 924, 645, 652, 582, 712,
    365, 712, 838,
];
/// Letters outside the table: as wide as a wide one, so that nothing is cut off.
const OTHER: u16 = 700;

fn advance(letter: char, bold: bool) -> u32 {
    let table = if bold { &BOLD } else { &PLAIN };
    let index = (letter as usize).checked_sub(32);
    u32::from(match letter {
        '·' => 318,
        _ => index.and_then(|index| table.get(index)).copied().unwrap_or(OTHER),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_to_what_fits() {
        let set = Type::new(10.0, ink::DARK);
        // Ten letters n of 634 each: 63.4 pixels.
        assert!((set.width("nnnnnnnnnn") - 63.4).abs() < 1e-9);
        assert_eq!(set.fit("nnnnnnnnnn", 64.0), "nnnnnnnnnn");
        assert_eq!(set.fit("nnnnnnnnnn", 40.0), "nnnnn…");
        assert_eq!(set.fit("nnn", 1.0), "");
    }

    #[test]
    fn patterns_are_there_where_they_are_used() {
        let area = Area { x0: 0.0, y0: 0.0, x1: 10.0, y1: 10.0 };
        let with = Canvas::svg(20.0, 20.0, |canvas| canvas.rect(area, Fill::Harm));
        assert!(with.starts_with("<svg width=\"20\" height=\"20\" viewBox=\"0 0 40 40\""));
        assert!(with.contains("<pattern id=\"harm\"") && with.contains("fill=\"url(#harm)\""));
        let without = Canvas::svg(20.0, 20.0, |canvas| canvas.rect(area, Fill::Plain(ink::BLUE)));
        assert!(!without.contains("pattern"));
    }
}
