//! Personal access tokens over HTTP: what a program sends is admitted by its scopes; making one.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderMap, Method, StatusCode},
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use domain::{
    api::{self, ALL, BASE, Endpoint, NewToken, Spec, TokenMade},
    person::token::{Scope, Token},
    problem::Problem,
};
use sha2::{Digest, Sha256};

use super::{
    caller::{COOKIE, Caller, cookie},
    reply::{LocalizedProblem, json, problem},
    request::{GivenPath, bytes, parse},
};
use crate::{
    state::Site,
    usecase::{
        Call,
        idempotency::Write,
        person::{role, token as case},
    },
};

/// What a secret begins with, so that people and scanners know what it is.
const MARK: &str = "linli_";

/// Refuses a request whose token does not hold, or is not for it. Requests without one are admitted.
pub(super) async fn admit(
    site: &Site,
    caller: &Caller,
    method: &Method,
    route: Option<&str>,
) -> Result<(), Problem> {
    let Some(hash) = caller.token() else {
        return Ok(());
    };
    let need = match find_operation(method, route) {
        // A page.
        None => Scope::Read,
        Some(spec) => spec.scope().ok_or(Problem::BeyondToken { need: None })?,
    };
    let (hash, now) = (hash.to_owned(), site.clock.now());
    let wanted = hash.clone();
    let found = site.db.read(move |tx| case::find(tx, &wanted, now)).await;
    let (scopes, first) = found.map_err(problem)?.ok_or(Problem::BadToken)?;
    if !scopes.contains(&need) {
        return Err(Problem::BeyondToken { need: Some(need) });
    }
    if first {
        let noted = site.db.write(move |tx| case::note_use(tx, &hash, now));
        noted.await.map_err(problem)?;
    }
    Ok(())
}

fn find_operation(method: &Method, route: Option<&str>) -> Option<&'static Spec> {
    let path = route?.strip_prefix(BASE)?;
    let is_asked = |spec: &&Spec| {
        let same = match spec.method {
            // axum answers HEAD by what it has for GET.
            api::Method::Get => [Method::GET, Method::HEAD].contains(method),
            api::Method::Post => method == Method::POST,
            api::Method::Put => method == Method::PUT,
            api::Method::Delete => method == Method::DELETE,
        };
        same && spec.path == path
    };
    ALL.iter().find(is_asked)
}

/// Makes a token ([`api::MakeToken`]). Its secret is made from that of the session and the key of the request, so that the same
/// request gives the same secret, and none is stored.
pub(super) async fn make(
    State(site): State<Site>,
    _: GivenPath<api::MakeToken>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let made = async {
        let key = caller.key()?;
        let session = cookie(&headers, COOKIE).ok_or(Problem::NotSignedIn)?;
        let mark = Sha256::digest(format!("token {session} {key}"));
        let secret = format!("{MARK}{}", BASE64_URL_SAFE_NO_PAD.encode(mark));
        let bytes = bytes(body).await?;
        let new: NewToken = parse(&bytes)?;
        let write = Write::new(key, api::MakeToken::NAME, &api::MakeToken::url(&()), &bytes);
        let (session, now_ms) = (caller.session.clone(), site.clock.now_ms());
        let (centres, hash) = (Arc::clone(&site.centres), case::digest(&secret));
        let believed = caller.believed.clone();
        let stored = site.db.write(move |tx| {
            let believed = believed.clone();
            let now = now_ms / 1000;
            let who = role::find_actor(tx, session.as_deref(), now)?;
            let call = Call::new(who, now_ms, &centres);
            let sender = call.person()?.clone();
            // The page was opened by somebody else than who is signed in now.
            if believed.is_some_and(|one| one != sender) {
                return Err(Problem::NotSignedIn.into());
            }
            let token =
                write.once::<Token>(tx, &sender, now, |tx| case::make(tx, &call, &new, &hash))?;
            match case::has_digest(tx, &token.id, &hash)? {
                true => Ok(token),
                // The key was used in another session: its secret is told there alone.
                false => Err(Problem::BadKey.into()),
            }
        });
        let token = stored.await.map_err(problem)?;
        Ok(TokenMade { token, secret })
    };
    match made.await {
        Ok(made) => json(StatusCode::OK, &made),
        Err(problem) => LocalizedProblem(problem, caller.lang).into_response(),
    }
}
