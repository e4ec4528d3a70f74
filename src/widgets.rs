//! Small parts that every room uses.

mod file;
mod focus;
mod icons;
mod late;
mod menu;
mod notice;
mod tabs;
mod theme;

pub use file::FileButton;
pub use focus::{focus_first, focus_is_lost, focus_on, focused_number, hand_focus_on, keep_focus_by};
pub use icons::Icon;
pub use late::{Coming, Room, late, room};
pub use menu::MenuBox;
pub use notice::{LiveRegion, Notices};
pub use tabs::{Tabs, id as tab_id};
pub use theme::{apply as apply_theme, use_themes};
