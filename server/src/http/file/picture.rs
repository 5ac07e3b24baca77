//! The picture of an activity that messengers show with its link: the floor with the room marked on it. It holds no
//! words, so it needs no fonts, and is the same in every language.

use axum::{
    extract::{Path, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use domain::{
    activity::Activity,
    api::{self, Endpoint},
    centre::Centre,
    language::Lang,
    problem::Problem,
};
use resvg::{tiny_skia, usvg};

use super::plan::{Frame, plan};
use crate::{
    cache::Made,
    http::{cache, caller::Caller, endpoint::look, reply::LocalizedProblem, request::GivenPath},
    state::Site,
    usecase::{activity, centre},
};

/// Width and height in pixels, as the large previews of messengers want them.
pub(in crate::http) const SIZE: (u32, u32) = (1200, 630);

const STYLE: &str = include_str!("plan.css");

pub(in crate::http) async fn get(
    State(site): State<Site>,
    path: GivenPath<api::GetPicture>,
    caller: Caller,
    headers: HeaderMap,
) -> Response {
    let Ok(Path(path)) = path else {
        return LocalizedProblem(Problem::NotFound, caller.lang).into_response();
    };
    let (url, centre) = (api::GetPicture::url(&path), path.0.clone());
    let make = async || {
        let read = look(&site, &caller, move |tx, call| {
            let known = centre::get(tx, call, path.0.clone())?;
            Ok((activity::get(tx, call, path.clone())?, known))
        });
        let (activity, known) = read.await?;
        // Drawing takes megabytes: few at a time.
        let _turn = site.drawings.acquire().await;
        let drawn = tokio::task::spawn_blocking(move || png(&svg(&activity, &known.centre)));
        let png = drawn.await.ok().flatten();
        Ok(Made {
            bytes: png.ok_or(Problem::Defect)?,
            kind: "image/png",
            // A session may move to another room.
            control: "public, max-age=3600",
            packs: false,
        })
    };
    cache::reply(&site, (&url, Some(&centre)), (caller.lang, &headers), make).await
}

fn svg(activity: &Activity, centre: &Centre) -> String {
    let (width, height) = SIZE;
    let frame = Frame::Picture {
        x: 60,
        y: 110,
        width: width - 120,
        height: height - 150,
    };
    let session = activity
        .sessions
        .iter()
        .find(|one| one.is_on())
        .or(activity.sessions.last());
    let drawn = session.and_then(|one| {
        let room = centre.room(&one.room)?;
        Some(plan(centre, room, Some(one.slot()), (Lang::Zh, &frame)))
    });
    let drawn = drawn.unwrap_or_default();
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
