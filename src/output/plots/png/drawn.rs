//! The renderer of PNGs.

use super::PngError;
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree, fontdb};
use std::sync::Arc;

/// How many pixels of the PNG make one of the SVG.
const SCALE: f32 = 2.0;
const PLAIN: &[u8] = include_bytes!("../../../../assets/fonts/DejaVuSans.ttf");
const BOLD: &[u8] = include_bytes!("../../../../assets/fonts/DejaVuSans-Bold.ttf");

/// Draws SVGs of plots as PNGs. It holds the fonts, so one serves for all plots of a run.
#[derive(Debug)]
pub struct Renderer {
    options: Options<'static>,
}

impl Default for Renderer {
    fn default() -> Self {
        let mut fonts = fontdb::Database::new();
        fonts.load_font_source(fontdb::Source::Binary(Arc::new(PLAIN)));
        fonts.load_font_source(fontdb::Source::Binary(Arc::new(BOLD)));
        fonts.set_sans_serif_family("DejaVu Sans");
        let family = "DejaVu Sans".to_owned();
        Self { options: Options { font_family: family, fontdb: Arc::new(fonts), ..Options::default() } }
    }
}

impl Renderer {
    /// Draws `svg` at twice its size.
    ///
    /// # Errors
    /// Where it is not an SVG, or is too large.
    pub fn png(&self, svg: &str) -> Result<Vec<u8>, PngError> {
        let tree = Tree::from_str(svg, &self.options).map_err(|error| PngError::Svg(error.to_string()))?;
        let (width, height) = (tree.size().width() * SCALE, tree.size().height() * SCALE);
        let mut pixels =
            Pixmap::new(width.ceil() as u32, height.ceil() as u32).ok_or(PngError::Size { width, height })?;
        resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut pixels.as_mut());
        pixels.encode_png().map_err(|error| PngError::Encoding(error.to_string()))
    }
}
