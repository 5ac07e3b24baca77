//! All routes, in one flat list.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Path, State, rejection::PathRejection},
    handler::Handler,
    http::{HeaderMap, StatusCode, Uri},
    middleware::from_fn_with_state,
    response::{IntoResponse, Response},
    routing::{MethodFilter, MethodRouter, on},
};
use domain::{
    api::{self, BASE, Endpoint, Method},
    problem::{Problem, TextFault},
};
use serde::de::DeserializeOwned;

use super::{
    cache::{self, OfCentre},
    calendar_file,
    caller::Caller,
    figures_file,
    guard::guard,
    page, picture, poster,
    reply::{Told, json, problem},
    sign_in,
};
use crate::{
    db::{Fail, Tx},
    state::Site,
    usecase::{
        Call, activity, attendance, audit, booking, centre, club, family, figures, house,
        idempotency::Write, inbox, people, person, sign_in as case, sign_up,
    },
};

/// The most bytes of a request. The longest honest one is a booking with a note.
const MOST_BYTES: usize = 16 * 1024;

/// How long a request's body may take to arrive.
const BODY_TIME: Duration = Duration::from_secs(10);

/// The whole server as a service.
pub fn router(site: Site) -> Router {
    Routes(Router::new())
        .read::<api::ListCentres>(centre::list)
        .shared::<api::GetCentre>(centre::get)
        .shared::<api::GetOccupancy>(centre::occupancy)
        .own::<api::FollowCentre, _>(follow)
        .own::<api::SendCode, _>(sign_in::send_code)
        .own::<api::SignIn, _>(sign_in::sign_in)
        .read::<api::ListDemoAccounts>(case::demo_accounts)
        .own::<api::SignInDemo, _>(sign_in::sign_in_demo)
        .own::<api::ClaimHouse, _>(sign_in::claim)
        .read::<api::GetMe>(person::me)
        .write::<api::ChangeMe>(person::change_me)
        .read::<api::ListSessions>(person::sessions)
        .private::<api::SignOut>(person::sign_out)
        .private::<api::SignOutEverywhere>(person::sign_out_everywhere)
        .read::<api::ListMyBookings>(booking::list_mine)
        .write::<api::Book>(booking::book)
        .read::<api::GetBooking>(booking::get)
        .write::<api::UndoBooking>(booking::undo)
        .write::<api::CancelBooking>(booking::cancel)
        .write::<api::DecideBooking>(booking::decide)
        .own::<api::GetCalendarFile, _>(calendar_file::get)
        .own::<api::GetSessionFile, _>(calendar_file::session)
        .own::<api::GetActivityFile, _>(calendar_file::activity)
        .own::<api::GetPoster, _>(poster::get)
        .own::<api::GetPicture, _>(picture::get)
        .read::<api::GetHouse>(house::get)
        .own::<api::FindPeople, _>(find_people)
        .write::<api::AddPerson>(people::add)
        .watched::<api::GetPerson>(people::get)
        .write::<api::ChangePerson>(people::change)
        .write::<api::AddRelative>(people::add_relative)
        .write::<api::TellLetter>(inbox::tell)
        .read::<api::GetAuditLog>(audit::list)
        .read::<api::GetFigures>(figures::get)
        .own::<api::GetFiguresFile, _>(figures_file::get)
        .own::<api::CountRefusal, _>(count_refusal)
        .shared::<api::ListActivities>(activity::list)
        .shared::<api::GetActivity>(activity::get)
        .read::<api::ListMyActivities>(activity::list_mine)
        .write::<api::Publish>(activity::publish)
        .write::<api::ChangeActivity>(activity::change)
        .write::<api::CancelSession>(activity::cancel_session)
        .write::<api::CancelActivity>(activity::cancel)
        .write_in_turn::<api::SignUpFor>(sign_up::sign_up)
        .read::<api::ListMySignUps>(sign_up::list_mine)
        .write::<api::UndoSignUp>(sign_up::undo)
        .write::<api::Withdraw>(sign_up::withdraw)
        .write::<api::AnswerOffer>(sign_up::answer)
        .watched::<api::GetSheet>(attendance::open)
        .write::<api::MarkPerson>(attendance::mark)
        .write::<api::AddWalkIn>(attendance::walk_in)
        .read::<api::GetFamily>(family::get)
        .write::<api::AddMember>(family::add)
        .write::<api::RemoveMember>(family::remove)
        .write::<api::RenewCode>(family::renew)
        .write::<api::JoinFamily>(family::join)
        .read::<api::ListLetters>(inbox::list)
        .private::<api::ReadLetters>(inbox::read)
        .shared::<api::ListClubs>(club::list)
        .read::<api::ListMyClubs>(club::list_mine)
        .write::<api::JoinClub>(club::join)
        .write::<api::LeaveClub>(club::leave)
        .0
        .route("/healthz", on(MethodFilter::GET, async || "ok"))
        .route("/readyz", on(MethodFilter::GET, ready))
        .method_not_allowed_fallback(async |caller: Caller| Told(Problem::BadMethod, caller.lang))
        .fallback(page::page)
        .layer(from_fn_with_state(site.clone(), guard))
        .with_state(site)
}

struct Routes(Router<Site>);

/// How a change is made.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// It leaves an entry in the audit log.
    Logged,
    /// The same, and calls to one address are run in turn.
    InTurn,
    /// It concerns nobody but the caller's own devices, and leaves no entry.
    Private,
}

/// A use case that reads.
pub(super) type Read<E> =
    fn(&mut Tx<'_>, &Call, <E as Endpoint>::Path) -> Result<<E as Endpoint>::Reply, Fail>;
/// A use case that changes something.
type Change<E> = fn(
    &mut Tx<'_>,
    &Call,
    <E as Endpoint>::Path,
    <E as Endpoint>::Body,
) -> Result<<E as Endpoint>::Reply, Fail>;

impl Routes {
    fn add<E: Endpoint>(self, filter: impl FnOnce(MethodFilter) -> MethodRouter<Site>) -> Self {
        let method = match E::METHOD {
            Method::Get => MethodFilter::GET,
            Method::Post => MethodFilter::POST,
            Method::Put => MethodFilter::PUT,
            Method::Delete => MethodFilter::DELETE,
        };
        Self(self.0.route(&format!("{BASE}{}", E::PATH), filter(method)))
    }

    /// A use case that reads.
    fn read<E: Endpoint + 'static>(self, case: Read<E>) -> Self
    where
        E::Path: Clone + Sync + 'static,
        E::Reply: Send + 'static,
    {
        self.add::<E>(|method| {
            on(
                method,
                async move |State(site): State<Site>, path: GivenPath<E>, caller: Caller| {
                    read::<E>(case, &site, path, &caller).await
                },
            )
        })
    }

    /// A use case that reads what is the same for everybody.
    fn shared<E: Endpoint + 'static>(self, case: Read<E>) -> Self
    where
        E::Path: OfCentre + Clone + Sync + 'static,
    {
        self.add::<E>(|method| {
            on(
                method,
                async move |site: State<Site>,
                            path: GivenPath<E>,
                            caller: Caller,
                            headers: HeaderMap| {
                    cache::answer::<E>(case, site, path, caller, headers).await
                },
            )
        })
    }

    /// A use case that reads what concerns somebody closely: that somebody looked stands in the audit log.
    fn watched<E: Endpoint + 'static>(self, case: Read<E>) -> Self
    where
        E::Path: Clone + Sync + 'static,
        E::Reply: Send + 'static,
    {
        self.add::<E>(|method| {
            on(
                method,
                async move |State(site): State<Site>, path: GivenPath<E>, caller: Caller| {
                    let Ok(Path(path)) = path else {
                        return Told(Problem::NotFound, caller.lang).into_response();
                    };
                    let seen = watch(&site, &caller, move |tx, call| case(tx, call, path.clone()));
                    match seen.await {
                        Ok(reply) => json(StatusCode::OK, &reply),
                        Err(problem) => Told(problem, caller.lang).into_response(),
                    }
                },
            )
        })
    }

    /// A use case that changes something, once per key, and leaves an entry in the audit log.
    fn write<E: Endpoint + 'static>(self, case: Change<E>) -> Self
    where
        E::Path: Clone + Sync + 'static,
        E::Body: Clone + Sync + 'static,
        E::Reply: Send + 'static,
    {
        self.change::<E>(case, Mode::Logged)
    }

    /// As [`Self::write`], where all calls to one address wait for one row: a rush is run in turn.
    fn write_in_turn<E: Endpoint + 'static>(self, case: Change<E>) -> Self
    where
        E::Path: Clone + Sync + 'static,
        E::Body: Clone + Sync + 'static,
        E::Reply: Send + 'static,
    {
        self.change::<E>(case, Mode::InTurn)
    }

    /// A use case that changes something that concerns nobody but the caller's own devices: it leaves no entry.
    fn private<E: Endpoint + 'static>(self, case: Change<E>) -> Self
    where
        E::Path: Clone + Sync + 'static,
        E::Body: Clone + Sync + 'static,
        E::Reply: Send + 'static,
    {
        self.change::<E>(case, Mode::Private)
    }

    fn change<E: Endpoint + 'static>(self, case: Change<E>, mode: Mode) -> Self
    where
        E::Path: Clone + Sync + 'static,
        E::Body: Clone + Sync + 'static,
        E::Reply: Send + 'static,
    {
        self.add::<E>(|method| {
            on(
                method,
                async move |State(site): State<Site>,
                            path: GivenPath<E>,
                            caller: Caller,
                            body: Body| {
                    match write::<E>(case, mode, &site, path, &caller, body).await {
                        Ok(reply) => reply,
                        Err(problem) => Told(problem, caller.lang).into_response(),
                    }
                },
            )
        })
    }

    /// A handler of its own, where a reply is more than JSON.
    fn own<E: Endpoint, T: 'static>(self, handler: impl Handler<T, Site>) -> Self {
        self.add::<E>(|method| on(method, handler))
    }
}

/// The path as it was given; what cannot be read names nothing.
pub(super) type GivenPath<E> = Result<Path<<E as Endpoint>::Path>, PathRejection>;

async fn read<E: Endpoint + 'static>(
    case: Read<E>,
    site: &Site,
    path: GivenPath<E>,
    caller: &Caller,
) -> Response
where
    E::Path: Clone + Sync + 'static,
    E::Reply: Send + 'static,
{
    let Ok(Path(path)) = path else {
        return Told(Problem::NotFound, caller.lang).into_response();
    };
    match look(site, caller, move |tx, call| case(tx, call, path.clone())).await {
        Ok(reply) => json(StatusCode::OK, &reply),
        Err(problem) => Told(problem, caller.lang).into_response(),
    }
}

/// Reads something for whoever calls.
pub(super) async fn look<T: Send + 'static>(
    site: &Site,
    caller: &Caller,
    case: impl Fn(&mut Tx<'_>, &Call) -> Result<T, Fail> + Send + 'static,
) -> Result<T, Problem> {
    let (session, now_ms, centres) = (
        caller.session.clone(),
        site.clock.now_ms(),
        Arc::clone(&site.centres),
    );
    let done = site.db.read(move |tx| {
        let who = person::actor(tx, session.as_deref(), now_ms / 1000)?;
        case(tx, &Call::new(who, now_ms, &centres))
    });
    done.await.map_err(problem)
}

/// As [`look`], where that somebody looked is written down.
async fn watch<T: Send + 'static>(
    site: &Site,
    caller: &Caller,
    case: impl Fn(&mut Tx<'_>, &Call) -> Result<T, Fail> + Send + 'static,
) -> Result<T, Problem> {
    let (session, now_ms, centres) = (
        caller.session.clone(),
        site.clock.now_ms(),
        Arc::clone(&site.centres),
    );
    let done = site.db.write(move |tx| {
        let who = person::actor(tx, session.as_deref(), now_ms / 1000)?;
        case(tx, &Call::new(who, now_ms, &centres))
    });
    done.await.map_err(problem)
}

/// The bytes of a request, within bounds.
pub(super) async fn bytes(body: Body) -> Result<axum::body::Bytes, Problem> {
    let unreadable = || Problem::field("request", TextFault::Unreadable);
    let read = tokio::time::timeout(BODY_TIME, to_bytes(body, MOST_BYTES)).await;
    match read {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(cause)) if cause.to_string().contains("limit") => Err(Problem::TooLarge),
        Ok(Err(_)) | Err(_) => Err(unreadable()),
    }
}

/// The body as the endpoint wants it.
pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let bytes = if bytes.is_empty() { b"null" } else { bytes };
    serde_json::from_slice(bytes).map_err(|_| Problem::field("request", TextFault::Unreadable))
}

async fn write<E: Endpoint + 'static>(
    case: Change<E>,
    mode: Mode,
    site: &Site,
    path: GivenPath<E>,
    caller: &Caller,
    body: Body,
) -> Result<Response, Problem>
where
    E::Path: Clone + Sync + 'static,
    E::Body: Clone + Sync + 'static,
    E::Reply: Send + 'static,
{
    let Ok(Path(path)) = path else {
        return Err(Problem::NotFound);
    };
    let key = caller.key()?;
    let bytes = bytes(body).await?;
    let parsed: E::Body = parse(&bytes)?;
    let sender = caller.session.clone().unwrap_or_default();
    let channel = caller.channel;
    let centre = api::centre_of::<E>(&path);
    let write = Write::new(
        key,
        std::any::type_name::<E>(),
        &sender,
        &E::url(&path),
        &bytes,
    );
    let (session, now_ms, centres) = (
        caller.session.clone(),
        site.clock.now_ms(),
        Arc::clone(&site.centres),
    );
    let address = E::url(&path);
    let work = move |tx: &mut Tx<'_>| {
        let now = now_ms / 1000;
        let (path, parsed, session, centres) = (
            path.clone(),
            parsed.clone(),
            session.as_deref(),
            Arc::clone(&centres),
        );
        write.once(tx, now, move |tx| {
            let who = person::actor(tx, session, now)?;
            let call = Call::new(who, now_ms, &centres).by(channel);
            let reply = case(tx, &call, path, parsed)?;
            debug_assert!(
                call.noted.get() == (mode != Mode::Private),
                "{} and the audit log",
                std::any::type_name::<E>()
            );
            Ok(reply)
        })
    };
    let done = match mode {
        Mode::InTurn => site.db.write_in_turn(address, work).await,
        Mode::Logged | Mode::Private => site.db.write(work).await,
    };
    done.map(|reply| json(StatusCode::OK, &reply))
        .map_err(|fail| {
            let problem = problem(fail);
            site.refusals.count_problem(centre.as_ref(), &problem);
            problem
        })
}

/// Looks for people. It changes nothing that a second look would change again, so it needs no key; what is looked for
/// travels in the body.
async fn find_people(
    State(site): State<Site>,
    path: GivenPath<api::FindPeople>,
    caller: Caller,
    body: Body,
) -> Response {
    let found = async {
        let Ok(Path(centre)) = path else {
            return Err(Problem::NotFound);
        };
        let wanted: api::Wanted = parse(&bytes(body).await?)?;
        watch(&site, &caller, move |tx, call| {
            people::find(tx, call, centre.clone(), wanted.clone())
        })
        .await
    };
    match found.await {
        Ok(found) => json(StatusCode::OK, &found),
        Err(problem) => Told(problem, caller.lang).into_response(),
    }
}

/// Counts a rule that the app told of by itself.
async fn count_refusal(
    State(site): State<Site>,
    path: GivenPath<api::CountRefusal>,
    caller: Caller,
    body: Body,
) -> Response {
    let counted = async {
        let Ok(Path(centre)) = path else {
            return Err(Problem::NotFound);
        };
        let rule = parse(&bytes(body).await?)?;
        site.refusals.count(&centre, rule);
        Ok(())
    };
    match counted.await {
        Ok(()) => json(StatusCode::OK, &()),
        Err(problem) => Told(problem, caller.lang).into_response(),
    }
}

async fn follow(
    State(site): State<Site>,
    path: GivenPath<api::FollowCentre>,
    caller: Caller,
    uri: Uri,
    headers: HeaderMap,
) -> Response {
    let Ok(Path(centre)) = path else {
        return Told(Problem::NotFound, caller.lang).into_response();
    };
    // After a lost connection the browser says what it saw last; at first the page says what it was drawn from.
    let again = headers
        .get("last-event-id")
        .and_then(|value| value.to_str().ok());
    let first = || uri.query()?.strip_prefix("seen=");
    let seen = again.or_else(first).and_then(|count| count.parse().ok());
    let (wanted, centres) = (centre.clone(), Arc::clone(&site.centres));
    match site
        .db
        .read(move |tx| centres.get(tx, &wanted).map(drop))
        .await
    {
        Ok(()) => site.bus.follow(centre, seen).into_response(),
        Err(fail) => Told(problem(fail), caller.lang).into_response(),
    }
}

async fn ready(State(site): State<Site>) -> Response {
    match site
        .db
        .read(|tx| Ok(tx.one("select 1", &[]).map(drop)?))
        .await
    {
        Ok(()) => "ready".into_response(),
        Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "not ready").into_response(),
    }
}
