//! Signing in: the replies that come with a cookie.

use std::sync::Arc;

use axum::{
    body::Body,
    extract::State,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    api::{self, AskCode, Claim, CodeSent, Me, SecondCode, UseCode, UseDemo},
    problem::Problem,
};

use super::{
    caller::{COOKIE, Caller, DEVICES_COOKIE},
    reply::{LocalizedProblem, json, problem},
    request::{GivenPath, bytes, parse},
};
use crate::{
    db::{Fail, Tx},
    sender::code_text,
    state::Site,
    usecase::{
        Call,
        person::{
            SESSION,
            account::is_demo,
            role, second_factor,
            sign_in::{
                self as case, CODE_SECONDS, DEVICE_SECONDS, Sender, SignInRequest, SignedIn,
            },
        },
    },
};

pub(super) async fn send_code(
    State(site): State<Site>,
    _: GivenPath<api::SendCode>,
    caller: Caller,
    body: Body,
) -> Response {
    let lang = caller.lang;
    let sent = async {
        caller.key()?;
        let ask: AskCode = parse(&bytes(body).await?)?;
        let (call, sender, purpose) = (visitor(&site), caller.sender(), ask.purpose);
        let countries = site.countries.clone();
        let made = site.db.write(move |tx| {
            let code = case::make_code(tx, &call, &ask, (&sender, &countries))?;
            Ok((code, is_demo(tx)?))
        });
        let (new, demo) = made.await.map_err(problem)?;
        if !demo {
            let (sender, text) = (
                Arc::clone(&site.sender),
                code_text(lang, purpose, &new.code, CODE_SECONDS),
            );
            let phone = new.phone.clone();
            let handed = tokio::task::spawn_blocking(move || sender.send(&phone, &text)).await;
            if let Ok(Err(cause)) = handed {
                tracing::error!(%cause, "a code could not be sent");
                return Err(Problem::CodeNotSent);
            }
        }
        let seconds = u32::try_from(CODE_SECONDS).unwrap_or_default();
        Ok(CodeSent {
            seconds,
            demo_code: demo.then_some(new.code),
        })
    };
    match sent.await {
        Ok(reply) => json(StatusCode::OK, &reply),
        Err(problem) => LocalizedProblem(problem, lang).into_response(),
    }
}

pub(super) async fn sign_in(
    State(site): State<Site>,
    _: GivenPath<api::SignIn>,
    caller: Caller,
    body: Body,
) -> Response {
    enter::<UseCode>(&site, &caller, body, case::sign_in).await
}

pub(super) async fn prove(
    State(site): State<Site>,
    _: GivenPath<api::ProveNumber>,
    caller: Caller,
    body: Body,
) -> Response {
    let proved = async {
        let key = caller.key()?;
        let body: UseCode = parse(&bytes(body).await?)?;
        let (call, sender) = (visitor(&site), caller.sender());
        let done = site
            .db
            .write(move |tx| case::prove(tx, &call, &body, (&key, &sender)));
        done.await.map_err(problem)?
    };
    match proved.await {
        Ok(proof) => json(StatusCode::OK, &proof),
        Err(problem) => LocalizedProblem(problem, caller.lang).into_response(),
    }
}

pub(super) async fn sign_in_demo(
    State(site): State<Site>,
    _: GivenPath<api::SignInDemo>,
    caller: Caller,
    body: Body,
) -> Response {
    enter::<UseDemo>(&site, &caller, body, |tx, call, body, from| {
        case::sign_in_demo(tx, call, body, from).map(Ok)
    })
    .await
}

pub(super) async fn claim(
    State(site): State<Site>,
    _: GivenPath<api::ClaimHouse>,
    caller: Caller,
    body: Body,
) -> Response {
    enter::<Claim>(&site, &caller, body, |tx, call, body, from| {
        case::claim(tx, call, body, from).map(Ok)
    })
    .await
}

pub(super) async fn set_second_factor(
    State(site): State<Site>,
    _: GivenPath<api::SetSecondFactor>,
    caller: Caller,
    body: Body,
) -> Response {
    use_second(&site, &caller, body, second_factor::act::set).await
}

pub(super) async fn give_second_factor(
    State(site): State<Site>,
    _: GivenPath<api::GiveSecondFactor>,
    caller: Caller,
    body: Body,
) -> Response {
    use_second(&site, &caller, body, second_factor::act::give).await
}

type UseSecond =
    fn(&mut Tx<'_>, &Call, (&SecondCode, &Sender)) -> Result<Result<Me, Problem>, Fail>;

/// Uses a code of the second factor. A wrong one must count, so it is no failure of the transaction; a right one that is sent again
/// finds what it did.
async fn use_second(site: &Site, caller: &Caller, body: Body, case: UseSecond) -> Response {
    let used = async {
        caller.key()?;
        let code: SecondCode = parse(&bytes(body).await?)?;
        let (session, now_ms) = (caller.session.clone(), site.clock.now_ms());
        let (centres, sender) = (Arc::clone(&site.centres), caller.sender());
        let done = site.db.write(move |tx| {
            let who = role::find_actor(tx, session.as_deref(), now_ms / 1000)?;
            case(tx, &Call::new(who, now_ms, &centres), (&code, &sender))
        });
        done.await.map_err(problem)?
    };
    match used.await {
        Ok(me) => json(StatusCode::OK, &me),
        Err(problem) => LocalizedProblem(problem, caller.lang).into_response(),
    }
}

fn visitor(site: &Site) -> Call {
    Call::nobody(site.clock.now_ms(), &site.centres)
}

type Enter<B> =
    fn(&mut Tx<'_>, &Call, &B, &SignInRequest) -> Result<Result<SignedIn, Problem>, Fail>;

async fn enter<B>(site: &Site, caller: &Caller, body: Body, case: Enter<B>) -> Response
where
    B: serde::de::DeserializeOwned + Send + Sync + 'static,
{
    let entered = async {
        let from = SignInRequest {
            device: caller.device.clone(),
            lang: caller.lang,
            key: caller.key()?,
            sender: caller.sender(),
        };
        let body: B = parse(&bytes(body).await?)?;
        let call = visitor(site);
        site.db
            .write(move |tx| case(tx, &call, &body, &from))
            .await
            .map_err(problem)?
    };
    match entered.await {
        Ok(SignedIn { me, token, devices }) => {
            let secure = if site.secure { "; Secure" } else { "" };
            let cookie = format!(
                "{COOKIE}={token}; Path=/; HttpOnly; SameSite=Lax; Max-Age={SESSION}{secure}"
            );
            let devices = devices.map(|devices| {
                format!(
                    "{DEVICES_COOKIE}={devices}; Path=/api/v1/sign-in; HttpOnly; SameSite=Strict; Max-Age={DEVICE_SECONDS}{secure}"
                )
            });
            let mut response = json(StatusCode::OK, &me);
            for cookie in [Some(cookie), devices].into_iter().flatten() {
                if let Ok(cookie) = HeaderValue::from_str(&cookie) {
                    response.headers_mut().append(header::SET_COOKIE, cookie);
                }
            }
            response
        }
        Err(problem) => LocalizedProblem(problem, caller.lang).into_response(),
    }
}
