//! The picture of an activity that messengers show with its link: the floor with the room marked on it. It holds no
//! words, so it needs no fonts, and is the same in every language.

use axum::{
    extract::{Path, State},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use domain::{activity::Activity, api, centre::Centre, problem::Problem, text::Lang};
use resvg::{tiny_skia, usvg};

use super::{
    caller::Caller,
    poster::plan,
    reply::Told,
    route::{GivenPath, look},
};
use crate::{
    state::Site,
    usecase::{activity, centre},
};

/// Width and height in pixels, as the large previews of messengers want them.
pub(super) const SIZE: (u32, u32) = (1200, 630);

const STYLE: &str = include_str!("plan.css");

pub(super) async fn get(
    State(site): State<Site>,
    path: GivenPath<api::GetPicture>,
    caller: Caller,
) -> Response {
    let Ok(Path(path)) = path else {
        return Told(Problem::NotFound, caller.lang).into_response();
    };
    let read = look(&site, &caller, move |tx, call| {
        let known = centre::get(tx, call, path.0.clone())?;
        Ok((activity::get(tx, call, path.clone())?, known))
    });
    let (activity, known) = match read.await {
        Ok(read) => read,
        Err(problem) => return Told(problem, caller.lang).into_response(),
    };
    let drawn = tokio::task::spawn_blocking(move || png(&svg(&activity, &known.centre)));
    let Ok(Some(png)) = drawn.await else {
        return Told(Problem::Unavailable, caller.lang).into_response();
    };
    let mut response = png.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/png"));
    // A session may move to another room.
    headers.insert(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=3600"),
    );
    response
}

fn svg(activity: &Activity, centre: &Centre) -> String {
    let (width, height) = SIZE;
    let session = activity
        .sessions
        .iter()
        .find(|one| one.is_on())
        .or(activity.sessions.last());
    let drawn = session.and_then(|one| {
        let room = centre.room(&one.room)?;
        Some(plan(centre, room, Some(one.slot()), Lang::Zh))
    });
    let place = format!(
        "<svg x=\"60\" y=\"110\" width=\"{}\" height=\"{}\" ",
        width - 120,
        height - 150
    );
    let drawn = drawn.unwrap_or_default().replacen(
        "<svg preserveAspectRatio=\"xMinYMid meet\" ",
        &place,
        1,
    );
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\"><style>{STYLE}</style>\
         <rect width=\"100%\" height=\"100%\" fill=\"#faf6ee\"/><rect width=\"100%\" height=\"70\" fill=\"#a81f37\"/>{drawn}</svg>"
    )
}

fn png(svg: &str) -> Option<Vec<u8>> {
    let tree = usvg::Tree::from_str(svg, &usvg::Options::default()).ok()?;
    let mut pixels = tiny_skia::Pixmap::new(SIZE.0, SIZE.1)?;
    resvg::render(&tree, tiny_skia::Transform::default(), &mut pixels.as_mut());
    pixels.encode_png().ok()
}
