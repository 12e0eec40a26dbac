//! SVG into PNG, with the font that is shipped and no other, so that the bytes do not depend on the machine.
//!
//! What draws it is a quarter of the time that the program takes to compile, so it is a feature, `png`, which is on by default.

#[cfg(feature = "png")]
mod drawn;

#[cfg(feature = "png")]
pub use drawn::Renderer;

/// What a build without the feature says in place of each PNG.
pub const WITHOUT: &str = "this program was built without the feature `png` (cargo build --features png)";

/// Why a picture could not be drawn.
#[derive(Debug, thiserror::Error)]
pub enum PngError {
    /// The SVG could not be read.
    #[error("the SVG of the plot could not be read: {0}")]
    Svg(String),
    /// The picture has no pixels, or more than fit in memory.
    #[error("a picture of {width} by {height} pixels cannot be drawn")]
    Size {
        /// Its width.
        width: f32,
        /// Its height.
        height: f32,
    },
    /// The pixels could not be packed.
    #[error("the PNG could not be written: {0}")]
    Encoding(String),
    /// Nothing in this build draws one.
    #[error("{WITHOUT}")]
    Without,
}

/// Draws no PNG, since this build has nothing that does.
#[cfg(not(feature = "png"))]
#[derive(Debug, Default)]
pub struct Renderer;

#[cfg(not(feature = "png"))]
impl Renderer {
    /// Draws nothing.
    ///
    /// # Errors
    /// Always: the feature is missing.
    pub fn png(&self, _: &str) -> Result<Vec<u8>, PngError> {
        Err(PngError::Without)
    }
}
