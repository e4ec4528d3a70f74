//! Small parts that every room uses.

mod focus;
mod icons;
mod menu;
mod notice;
mod theme;

pub use focus::{focus_first, focus_on, keep_focus_by};
pub use icons::Icon;
pub use menu::MenuBox;
pub use notice::{LiveRegion, Notices};
pub use theme::{apply as apply_theme, use_themes};
