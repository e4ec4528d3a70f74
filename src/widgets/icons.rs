//! Icons: single paths on a 16 by 16 grid, filled with the colour of the text.

use leptos::prelude::*;

/// Every icon that there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    Play,
    Pause,
    Back,
    Forward,
    Start,
    End,
    Share,
    Embed,
    Flask,
    Sun,
    Moon,
    Half,
    Help,
    Close,
    Crash,
    Restart,
    Clock,
    Slow,
    Drop,
    Deliver,
    Delay,
    Copy,
    Cut,
    Heal,
    OneWay,
    Dice,
    Pen,
    Fork,
    Disk,
    Hold,
    Mask,
    Plan,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Icon::Play => "M4 2.6v10.8a.6.6 0 0 0 .9.5l9-5.4a.6.6 0 0 0 0-1L4.9 2.1a.6.6 0 0 0-.9.5z",
            Icon::Pause => "M3.5 2h3v12h-3zM9.5 2h3v12h-3z",
            Icon::Back => "M11.5 3v10a.5.5 0 0 1-.8.4l-6.6-5a.5.5 0 0 1 0-.8l6.6-5a.5.5 0 0 1 .8.4z",
            Icon::Forward => "M4.5 3v10a.5.5 0 0 0 .8.4l6.6-5a.5.5 0 0 0 0-.8l-6.6-5a.5.5 0 0 0-.8.4z",
            Icon::Start => {
                "M2.5 2.5h2v11h-2zM13.5 3v10a.5.5 0 0 1-.8.4l-6.6-5a.5.5 0 0 1 0-.8l6.6-5a.5.5 0 0 1 .8.4z"
            }
            Icon::End => {
                "M11.5 2.5h2v11h-2zM2.5 3v10a.5.5 0 0 0 .8.4l6.6-5a.5.5 0 0 0 0-.8l-6.6-5a.5.5 0 0 0-.8.4z"
            }
            Icon::Share => {
                "M8 1.2 12 5.2 10.9 6.3 8.8 4.2V10H7.2V4.2L5.1 6.3 4 5.2zM2.5 8H4v5h8V8h1.5v6.5h-11z"
            }
            Icon::Embed => "M5.6 3.9 6.7 5 3.7 8l3 3-1.1 1.1L1.5 8zM10.4 3.9 14.5 8l-4.1 4.1L9.3 11l3-3-3-3z",
            Icon::Flask => {
                "M6 1.5h4V3h-.7v3.2l3.9 6.6a1.1 1.1 0 0 1-1 1.7H3.8a1.1 1.1 0 0 1-1-1.7l3.9-6.6V3H6zM8 7l-2 3.5h4z"
            }
            Icon::Sun => {
                "M8 5a3 3 0 1 1 0 6 3 3 0 0 1 0-6zM7.3 1h1.4v2.2H7.3zM7.3 12.8h1.4V15H7.3zM1 7.3h2.2v1.4H1zM12.8 7.3H15v1.4h-2.2zM2.6 3.6l1-1 1.5 1.6-1 1zM10.9 11.8l1-1 1.5 1.6-1 1zM3.6 13.4l-1-1 1.5-1.6 1 1zM11.9 5.2l-1-1 1.5-1.6 1 1z"
            }
            Icon::Moon => "M6.2 1.8a6.4 6.4 0 1 0 8 8A5.4 5.4 0 0 1 6.2 1.8z",
            Icon::Half => "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zM8 3v10a5 5 0 0 0 0-10z",
            Icon::Help => {
                "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zm0 1.4a5.1 5.1 0 1 0 0 10.2A5.1 5.1 0 0 0 8 2.9zM7.3 10.6h1.5v1.5H7.3zM8 4c1.5 0 2.5.9 2.5 2.2 0 1.6-1.8 1.8-1.8 3.2H7.3c0-2 1.7-2.2 1.7-3.1 0-.5-.4-.9-1-.9s-1.1.4-1.2 1.1H5.4C5.5 4.9 6.5 4 8 4z"
            }
            Icon::Close => {
                "m3.5 2.4 4.5 4.5 4.5-4.5 1.1 1.1L9.1 8l4.5 4.5-1.1 1.1L8 9.1l-4.5 4.5-1.1-1.1L6.9 8 2.4 3.5z"
            }
            Icon::Crash => "M9.3 1 3 9.2h4L6.2 15l6.6-8.6H8.6z",
            Icon::Restart => "M8 2.5V.6l3.6 2.8L8 6.2V4a4.3 4.3 0 1 0 4.3 4.3h1.5A5.8 5.8 0 1 1 8 2.5z",
            Icon::Clock => {
                "M8 1.5a6.5 6.5 0 1 1 0 13 6.5 6.5 0 0 1 0-13zm0 1.4a5.1 5.1 0 1 0 0 10.2A5.1 5.1 0 0 0 8 2.9zM7.3 4.5h1.4v3.2l2.3 1.4-.7 1.2-3-1.8z"
            }
            Icon::Slow => {
                "M2 11.5a6 6 0 1 1 12 0h-1.5a4.5 4.5 0 0 0-7.3-3.5l3.6 2.6a1.2 1.2 0 1 1-1.4 1.9L3.9 9.7a4.4 4.4 0 0 0-.4 1.8z"
            }
            Icon::Drop => "m4 2.9 4 4 4-4L13.1 4l-4 4 4 4L12 13.1l-4-4-4 4L2.9 12l4-4-4-4z",
            Icon::Deliver => "M1.5 4h8L14 8l-4.5 4h-8zm1.5 1.5v5h5.9L11.8 8 8.9 5.5z",
            Icon::Delay => "M3.5 1.5h9V3h-1v1.6L9.2 8l2.3 3.4V13h1v1.5h-9V13h1v-1.6L6.8 8 4.5 4.6V3h-1z",
            Icon::Copy => "M2 2h8.5v2H12v-.1h2V14H5.5v-2H2zm3.5 8.5V4H9V3.5H3.5v7zM7 5.4v7.1h5.5V5.4z",
            Icon::Cut => "M1 7.3h4.2v1.4H1zM10.8 7.3H15v1.4h-4.2zM9.4 3.2l1.3.6-4.1 9-1.3-.6z",
            Icon::Heal => "M1 7.3h4.2a2.9 2.9 0 0 1 5.6 0H15v1.4h-4.2a2.9 2.9 0 0 1-5.6 0H1z",
            Icon::OneWay => "M1.5 7.3h8.7L7.6 4.7l1-1L12.9 8l-4.3 4.3-1-1 2.6-2.6H1.5zM13.3 3h1.4v10h-1.4z",
            Icon::Dice => {
                "M3 2h10a1 1 0 0 1 1 1v10a1 1 0 0 1-1 1H3a1 1 0 0 1-1-1V3a1 1 0 0 1 1-1zm.5 1.5v9h9v-9zM5.7 4.8a1 1 0 1 1 0 2 1 1 0 0 1 0-2zM8 7a1 1 0 1 1 0 2 1 1 0 0 1 0-2zm2.3 2.2a1 1 0 1 1 0 2 1 1 0 0 1 0-2z"
            }
            Icon::Pen => "m11.3 1.6 3.1 3.1-8.6 8.6-4 .9.9-4zM4 10.8l-.4 1.6 1.6-.4 5-5L9 5.8z",
            Icon::Disk => "M2.5 2h11v3.2h-11zM2.5 6.4h11v3.2h-11zM2.5 10.8h11V14h-11z",
            Icon::Hold => "M4 7V5a4 4 0 0 1 8 0v2h1v7H3V7zm1.5 0h5V5a2.5 2.5 0 0 0-5 0z",
            Icon::Mask => "M2 2.5h12v8H8l-3.5 3v-3H2zM7.3 4v3.2h1.4V4zm0 4.2v1.3h1.4V8.2z",
            Icon::Plan => "M3 2.5h2V1h1.5v1.5h3V1H11v1.5h2V14H3zM4.5 6v6.5h7V6z",
            Icon::Fork => {
                "M4 1.5a1.8 1.8 0 0 1 .7 3.4v2.2l5.2-1.4a1.8 1.8 0 1 1 .5 1.4L4.7 8.6v2.5a1.8 1.8 0 1 1-1.4 0V4.9A1.8 1.8 0 0 1 4 1.5z"
            }
        }
    }
}

impl Icon {
    /// The picture; what it means stands beside it or in a label.
    pub fn view(self) -> impl IntoView {
        view! {
            <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
                <path d=self.path()/>
            </svg>
        }
    }
}
