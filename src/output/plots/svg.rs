//! A backend of plotters that writes SVG and knows patterns, which plotters' own does not.

use super::canvas::Fill;
use plotters::prelude::{Color, DrawingBackend, FontStyle};
use plotters::style::text_anchor::{HPos, VPos};
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingErrorKind};
use std::convert::Infallible;
use std::fmt::Write as _;

/// The patterns, each by the name that a fill gives it.
const PATTERNS: &str = r##"<defs>
<pattern id="stale" width="14" height="14" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<rect width="14" height="14" fill="#F2B134"/><rect width="4" height="14" fill="#8A5A00"/></pattern>
<pattern id="harm" width="12" height="12" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)">
<rect width="12" height="12" fill="#D5410A"/><rect width="3" height="12" fill="#5C1200"/></pattern>
<pattern id="old" width="14" height="14" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
<rect width="4" height="14" fill="#262B33" fill-opacity="0.45"/></pattern>
</defs>
"##;

/// Plotters measures a font by the box around its letters, SVG by its size: the one is so much of the other.
pub(super) const BOX: f64 = 1.24;

/// A drawing under way.
pub(super) struct Svg {
    size: (u32, u32),
    body: String,
    has_patterns: bool,
}

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

fn hex(color: BackendColor) -> String {
    let (red, green, blue) = color.rgb;
    format!("#{red:02X}{green:02X}{blue:02X}")
}

/// Text as it may stand in SVG.
fn escaped(text: &str) -> String {
    crate::output::html::escaped(text).replace("&#39;", "&apos;")
}

fn places(points: impl IntoIterator<Item = BackendCoord>) -> String {
    points.into_iter().fold(String::new(), |mut all, (x, y)| {
        let _ = write!(all, "{x},{y} ");
        all
    })
}

impl Svg {
    /// Nothing, on so many pixels.
    pub(super) const fn new(size: (u32, u32)) -> Self {
        Self { size, body: String::new(), has_patterns: false }
    }

    /// The drawing, shown in this size.
    pub(super) fn finish(self, width: f64, height: f64) -> String {
        let Self { size: (across, down), body, has_patterns } = self;
        let patterns = if has_patterns { PATTERNS } else { "" };
        format!(
            "<svg width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {across} {down}\" xmlns=\"http://www.w3.org/2000/svg\">\n\
             {patterns}{body}</svg>\n"
        )
    }

    /// Fills a rectangle.
    pub(super) fn rect(&mut self, from: BackendCoord, to: BackendCoord, fill: Fill) {
        let fill = self.paint(fill);
        let (x, y) = from;
        let _ = writeln!(
            self.body,
            "<rect x=\"{x}\" y=\"{y}\" width=\"{}\" height=\"{}\" opacity=\"1\" fill=\"{fill}\" stroke=\"none\"/>",
            to.0 - x,
            to.1 - y
        );
    }

    /// Fills a polygon.
    pub(super) fn polygon(&mut self, points: impl IntoIterator<Item = BackendCoord>, fill: Fill) {
        let fill = self.paint(fill);
        let _ = writeln!(self.body, "<polygon opacity=\"1\" fill=\"{fill}\" points=\"{}\"/>", places(points));
    }

    fn paint(&mut self, fill: Fill) -> String {
        let pattern = match fill {
            Fill::Plain(color) => return hex(color.to_backend_color()),
            Fill::Stale => "stale",
            Fill::Harm => "harm",
            Fill::Old => "old",
        };
        self.has_patterns = true;
        format!("url(#{pattern})")
    }
}

impl DrawingBackend for Svg {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, (x, y): BackendCoord, color: BackendColor) -> Drawn {
        let (opacity, fill) = (color.alpha, hex(color));
        let _ = writeln!(
            self.body,
            "<rect x=\"{x}\" y=\"{y}\" width=\"1\" height=\"1\" opacity=\"{opacity}\" fill=\"{fill}\" stroke=\"none\"/>"
        );
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        let (color, width) = (style.color(), style.stroke_width());
        let _ = writeln!(
            self.body,
            "<polyline fill=\"none\" opacity=\"{}\" stroke=\"{}\" stroke-width=\"{width}\" points=\"{}\"/>",
            color.alpha,
            hex(color),
            places(path)
        );
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(&mut self, (x, y): BackendCoord, radius: u32, style: &S, fill: bool) -> Drawn {
        let (color, width) = (style.color(), style.stroke_width());
        let none = || "none".to_owned();
        let (fill, stroke) = if fill { (hex(color), none()) } else { (none(), hex(color)) };
        let _ = writeln!(
            self.body,
            "<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" opacity=\"{}\" fill=\"{fill}\" stroke=\"{stroke}\" \
             stroke-width=\"{width}\"/>",
            color.alpha
        );
        Ok(())
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, (x, y): BackendCoord) -> Drawn {
        let color = style.color();
        let anchor = match style.anchor().h_pos {
            HPos::Left => "start",
            HPos::Center => "middle",
            HPos::Right => "end",
        };
        let dy = match style.anchor().v_pos {
            VPos::Top => "0.76em",
            VPos::Center => "0.5ex",
            VPos::Bottom => "-0.5ex",
        };
        let weight = if matches!(style.style(), FontStyle::Bold) { " font-weight=\"bold\"" } else { "" };
        let _ = writeln!(
            self.body,
            "<text x=\"{x}\" y=\"{y}\" dy=\"{dy}\" text-anchor=\"{anchor}\" font-family=\"{}\" font-size=\"{}\" \
             opacity=\"{}\" fill=\"{}\"{weight}>\n{}\n</text>",
            style.family().as_str(),
            style.size() / BOX,
            color.alpha,
            hex(color),
            escaped(text)
        );
        Ok(())
    }
}
