//! One set of icons, drawn with lines on a 24 × 24 grid.

use leptos::prelude::*;

/// The icons.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    Map,
    Calendar,
    Activity,
    Person,
    House,
    Desk,
    Search,
    Filter,
    List,
    Plus,
    Minus,
    Close,
    Back,
    Forward,
    Fit,
    Down,
}

/// Draws an icon. It says nothing: the word beside it, or the button's label, does.
#[component]
pub fn Icon(icon: Icon) -> impl IntoView {
    let d = match icon {
        Icon::Map => "M3 6l6-2 6 2 6-2v14l-6 2-6-2-6 2zM9 4v14M15 6v14",
        Icon::Calendar => "M4 6h16v14H4zM4 10h16M8 3v5M16 3v5",
        Icon::Activity => "M12 3l2.7 5.6 6.1.8-4.5 4.2 1.1 6.1-5.4-3-5.4 3 1.1-6.1L3.2 9.4l6.1-.8z",
        Icon::Person => "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 4-6 8-6s8 2 8 6",
        Icon::House => "M3 11l9-7 9 7M6 9v11h12V9M10 20v-6h4v6",
        Icon::Desk => "M4 5h16v11H9l-5 4zM8 9h8M8 12h5",
        Icon::Search => "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM16 16l5 5",
        Icon::Filter => "M4 6h16M7 12h10M10 18h4",
        Icon::List => "M9 6h12M9 12h12M9 18h12M4 6h.01M4 12h.01M4 18h.01",
        Icon::Plus => "M12 5v14M5 12h14",
        Icon::Minus => "M5 12h14",
        Icon::Close => "M6 6l12 12M18 6L6 18",
        Icon::Back => "M15 5l-7 7 7 7",
        Icon::Forward => "M9 5l7 7-7 7",
        Icon::Fit => "M4 9V4h5M20 9V4h-5M4 15v5h5M20 15v5h-5",
        Icon::Down => "M5 9l7 7 7-7",
    };
    // Arrows point along the reading direction.
    let class = if matches!(icon, Icon::Back | Icon::Forward) {
        "icon turns"
    } else {
        "icon"
    };
    view! {
        <svg class=class viewBox="0 0 24 24" aria-hidden="true">
            <path d=d/>
        </svg>
    }
}
