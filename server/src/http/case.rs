//! Cases over HTTP, where there is more to it than a use case: what is sent without a name, and pictures.

use axum::{
    body::Body,
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use domain::{
    api::{self, Endpoint, PictureSent},
    case::Case,
    problem::{Problem, TextFault},
};
use sha2::{Digest, Sha256};

use super::{
    caller::Caller,
    endpoint::{look, watch},
    reply::{LocalizedProblem, json, problem},
    request::{GivenPath, bytes, large_bytes, parse},
};
use crate::{
    clock::hex,
    db::{Fail, Tx},
    state::Site,
    usecase::{
        Call,
        case::{
            picture::{self, Arrived},
            send, step,
        },
    },
};

fn answer<T: serde::Serialize>(caller: &Caller, done: Result<T, Problem>) -> Response {
    match done {
        Ok(reply) => json(StatusCode::OK, &reply),
        Err(problem) => LocalizedProblem(problem, caller.lang).into_response(),
    }
}

async fn read<E: Endpoint>(path: GivenPath<E>, body: Body) -> Result<(E::Path, E::Body), Problem> {
    let Ok(Path(path)) = path else {
        return Err(Problem::NotFound);
    };
    Ok((path, parse(&bytes(body).await?)?))
}

/// What stands for a secret in the database.
fn digest(secret: &str) -> String {
    hex(&Sha256::digest(secret.as_bytes()))
}

/// Does something as nobody: also who is signed in is not written down.
async fn write_nameless(
    site: &Site,
    work: impl Fn(&mut Tx<'_>, &Call) -> Result<Case, Fail> + Send + 'static,
) -> Result<Case, Problem> {
    let (now_ms, centres) = (site.clock.now_ms(), site.centres.clone());
    let done = site
        .db
        .write(move |tx| work(tx, &Call::nobody(now_ms, &centres)));
    done.await.map_err(problem)
}

/// Takes what comes without a name.
pub(super) async fn send_nameless(
    State(site): State<Site>,
    path: GivenPath<api::SendNameless>,
    caller: Caller,
    body: Body,
) -> Response {
    let sent = async {
        let (centre, new) = read::<api::SendNameless>(path, body).await?;
        let digest = digest(&new.secret);
        write_nameless(&site, move |tx, call| {
            send::send_nameless(tx, call, (&centre, &digest), &new)
        })
        .await
    };
    answer(&caller, sent.await)
}

/// Opens it again.
pub(super) async fn read_nameless(
    State(site): State<Site>,
    path: GivenPath<api::ReadNameless>,
    caller: Caller,
    body: Body,
) -> Response {
    let found = async {
        let (centre, api::Secret { secret }) = read::<api::ReadNameless>(path, body).await?;
        let digest = digest(&secret);
        look(&site, &caller, move |tx, call| {
            send::read_nameless(tx, call, (&centre, &digest))
        })
        .await
    };
    answer(&caller, found.await)
}

/// Takes a step in it.
pub(super) async fn answer_nameless(
    State(site): State<Site>,
    path: GivenPath<api::AnswerNameless>,
    caller: Caller,
    body: Body,
) -> Response {
    let done = async {
        let (centre, new) = read::<api::AnswerNameless>(path, body).await?;
        let digest = digest(&new.secret);
        write_nameless(&site, move |tx, call| {
            step::answer_nameless(tx, call, (&centre, &digest), &new)
        })
        .await
    };
    answer(&caller, done.await)
}

/// Takes a piece of a picture; the last one makes it a picture.
pub(super) async fn send_picture(
    State(site): State<Site>,
    path: GivenPath<api::SendPicture>,
    caller: Caller,
    body: Body,
) -> Response {
    let sent = async {
        let Ok(Path(centre)) = path else {
            return Err(Problem::NotFound);
        };
        look(&site, &caller, |_, call| {
            call.person()?;
            Ok(())
        })
        .await?;
        let piece: api::PicturePiece = parse(&large_bytes(body).await?)?;
        let bad = |_| Problem::field("picture", TextFault::Unreadable);
        let bytes = BASE64_STANDARD.decode(&piece.bytes).map_err(bad)?;
        let (upload, of) = (piece.upload.clone(), centre.clone());
        let arrived = watch(&site, &caller, move |tx, call| {
            picture::receive(tx, call, &of, (&piece, &bytes))
        });
        let whole = match arrived.await? {
            Arrived::Part(have) => {
                return Ok(PictureSent {
                    have,
                    picture: None,
                });
            }
            Arrived::Picture(id) => {
                return Ok(PictureSent {
                    have: 0,
                    picture: Some(id),
                });
            }
            Arrived::All(whole) => whole,
        };
        let have = u32::try_from(whole.len()).unwrap_or(u32::MAX);
        // Decoding takes megabytes: few at a time.
        let turn = site.drawings.acquire().await;
        let encoded = tokio::task::spawn_blocking(move || picture::encode(&whole)).await;
        drop(turn);
        let encoded = encoded.map_err(|_| Problem::Defect)?;
        let id = watch(&site, &caller, move |tx, call| match &encoded {
            Ok(encoded) => picture::keep(tx, call, &centre, (&upload, encoded)).map(Ok),
            Err(problem) => {
                picture::drop_upload(tx, call, &upload)?;
                Ok(Err(problem.clone()))
            }
        });
        Ok(PictureSent {
            have,
            picture: Some(id.await??),
        })
    };
    answer(&caller, sent.await)
}

/// A picture.
pub(super) async fn get_picture(
    State(site): State<Site>,
    path: GivenPath<api::GetCasePicture>,
    caller: Caller,
) -> Response {
    let found = async {
        let Ok(Path(path)) = path else {
            return Err(Problem::NotFound);
        };
        look(&site, &caller, move |tx, call| {
            picture::get(tx, call, path.clone())
        })
        .await
    };
    match found.await {
        Ok(bytes) => {
            let mut response = (StatusCode::OK, bytes).into_response();
            let headers = response.headers_mut();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"));
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response
        }
        Err(problem) => LocalizedProblem(problem, caller.lang).into_response(),
    }
}
