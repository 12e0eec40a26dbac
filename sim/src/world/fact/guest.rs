//! What happened inside guests beside their extensions, and to what extensions need from outside.

use super::field::Field;
use super::row::facts;
use crate::plan::ExtensionNumber;
use crate::world::ids::{ActionId, InstanceId, SetId};

facts! {
    /// What happened inside a guest.
    GuestFact:

    /// cloud-init is done with the custom data of an instance.
    192 "customDataDone" CustomDataDone { instance: InstanceId => subject };
    /// It failed, of which Azure learns nothing.
    193 "customDataFailed" CustomDataFailed { instance: InstanceId => subject };
    /// What an extension of a set needs from outside cannot be had from now on.
    194 "payloadExpired" PayloadExpired {
        set: SetId => subject, extension: ExtensionNumber => ["extension" = Field::ExtensionOf(set, extension)],
    } in Timeline Begin "payload" Bad;
    /// A publisher brought out a release of an extension of a set.
    196 "extensionPublished" ReleasePublished {
        set: SetId => subject,
        action: ActionId => ["extension" = Field::PublishedExtension(action), "version" = Field::PublishedVersion(action)],
    } in Timeline Tick "extension" Act;
    /// An instance has that release from now on, or has the one before it again.
    197 "extensionVersionChanged" ReleaseChanged {
        instance: InstanceId => subject, set: SetId => _,
        action: ActionId => ["extension" = Field::PublishedExtension(action), "version" = Field::PublishedVersion(action)],
        back: bool,
    };
    /// It can be had again.
    195 "payloadRenewed" PayloadRenewed {
        set: SetId => subject, extension: ExtensionNumber => ["extension" = Field::ExtensionOf(set, extension)],
    } in Timeline End "payload" Bad;
}
