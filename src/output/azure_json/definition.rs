//! A definition of images in a gallery.

use super::View;
use serde_json::{Value, json};
use windtunnel_sim::plan::ImageReference;
use windtunnel_sim::world::ids::DefinitionId;

/// Whether a definition is one of a gallery; the name of a platform image is its three parts.
pub fn is_of_gallery(view: &View<'_, '_>, definition: DefinitionId) -> bool {
    !view.instant.plan().definitions[definition.index()].contains(':')
}

/// A definition. Its operating system is that of whoever is built for it or made from it.
pub fn of(view: &View<'_, '_>, definition: DefinitionId) -> Value {
    let plan = view.instant.plan();
    let name = &plan.definitions[definition.index()];
    let means = |reference: ImageReference| match reference {
        ImageReference::Definition(of) | ImageReference::PlatformLatest(of) => of == definition.0,
        ImageReference::Version(image) => plan.images[usize::from(image)].version.definition == definition.0,
    };
    let built =
        plan.builders.iter().filter(|builder| builder.definition == definition.0).map(|builder| builder.windows);
    let made = plan.sets.iter().filter(|set| means(set.image)).map(|set| set.windows);
    let mut properties = json!({ "osState": "Generalized", "provisioningState": "Succeeded" });
    if let Some(windows) = built.chain(made).next() {
        properties["osType"] = if windows { "Windows" } else { "Linux" }.into();
    }
    json!({
        "name": name,
        "id": format!("images/{name}"),
        "type": "Microsoft.Compute/galleries/images",
        "properties": properties,
    })
}
