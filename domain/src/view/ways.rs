//! Elder view: the three large ways of its first screen, drawn by the server and by the app alike.

use crate::{
    centre::Centre,
    language::Lang,
    page::Page,
    view::{View, drawing::escape},
};

/// The ways to book a room, to join an activity and to call the desk, as HTML. `here` goes along with their links.
pub fn ways_html(centre: &Centre, here: &View, lang: Lang) -> String {
    let way = |address: &str, word: &str, about: &str| {
        let (address, about) = (escape(address), escape(about));
        format!(
            "<a class=\"way-in\" href=\"{address}\"><strong>{word}</strong><span>{about}</span></a>"
        )
    };
    let call = format!("tel:{}", centre.phone.replace([' ', '-'], ""));
    [
        way(
            &here.address(&Page::Book),
            lang.way_book(),
            lang.way_book_about(),
        ),
        way(
            &here.address(&Page::Activities),
            lang.way_join(),
            lang.way_join_about(),
        ),
        way(&call, lang.way_call(), &centre.phone),
    ]
    .concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_desk_is_called_and_what_a_centre_is_called_is_no_markup() {
        let mut centre = crate::samples::house();
        centre.phone = "0996-000 <1>".to_owned();
        let html = ways_html(&centre, &View::at_centre(None), Lang::Zh);
        assert!(html.contains("href=\"tel:0996000&lt;1&gt;\""), "{html}");
        assert!(!html.contains("<1>"), "{html}");
        assert_eq!(html.matches("class=\"way-in\"").count(), 3);
    }
}
