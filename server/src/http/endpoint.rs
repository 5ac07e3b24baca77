//! Endpoints: how a typed operation is bound to a use case (read, cached read, watched read, write once per key).

use std::sync::Arc;

use axum::{
    Router,
    body::{Body, Bytes},
    extract::{Path, State},
    handler::Handler,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse, Response},
    routing::{MethodFilter, MethodRouter, on},
};
use domain::{
    api::{self, BASE, Endpoint, Method},
    figures::refused::WantedAt,
    id::{CentreId, PersonId},
    person::{behalf::Channel, permission::Actor},
    problem::Problem,
};

use super::{
    cache::{self, OfCentre},
    caller::Caller,
    reply::{LocalizedProblem, json, problem},
    request::{GivenPath, bytes, is_large, large_bytes, parse},
};
use crate::{
    db::{Fail, Tx},
    state::Site,
    usecase::{
        Asked, Call, Change, ChangeAll, Question, Read, centre::known::Centres, idempotency::Write,
        person::role,
    },
};

/// The operations of the contract, each bound to its use case.
pub(super) struct Routes(pub(super) Router<Site>);

/// How a change is made.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// It leaves an entry in the audit log.
    Logged,
    /// It concerns nobody but the caller's own devices, and leaves no entry.
    Private,
}

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
    pub(super) fn read<E: Endpoint + 'static>(self, case: Read<E>) -> Self
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
    pub(super) fn shared<E: Endpoint + 'static>(self, case: Read<E>) -> Self
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
    pub(super) fn watched<E: Endpoint + 'static>(self, case: Read<E>) -> Self
    where
        E::Path: Clone + Sync + 'static,
        E::Reply: Send + 'static,
    {
        self.add::<E>(|method| {
            on(
                method,
                async move |State(site): State<Site>, path: GivenPath<E>, caller: Caller| {
                    let Ok(Path(path)) = path else {
                        return LocalizedProblem(Problem::NotFound, caller.lang).into_response();
                    };
                    let seen = watch(&site, &caller, move |tx, call| case(tx, call, path.clone()));
                    match seen.await {
                        Ok(reply) => json(StatusCode::OK, &reply),
                        Err(problem) => LocalizedProblem(problem, caller.lang).into_response(),
                    }
                },
            )
        })
    }

    /// A use case that reads what a body asks for: it changes nothing, so it needs no key.
    pub(super) fn asked<E: Endpoint + 'static>(self, case: Question<E>) -> Self
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
                    let told = async {
                        let Ok(Path(path)) = path else {
                            return Err(Problem::NotFound);
                        };
                        let body: E::Body = parse(&bytes(body).await?)?;
                        look(&site, &caller, move |tx, call| case(tx, call, &path, &body)).await
                    };
                    match told.await {
                        Ok(reply) => json(StatusCode::OK, &reply),
                        Err(problem) => LocalizedProblem(problem, caller.lang).into_response(),
                    }
                },
            )
        })
    }

    /// A use case that changes something, once per key, and leaves an entry in the audit log.
    pub(super) fn write<E: Endpoint + 'static>(self, case: Change<E>) -> Self
    where
        E::Path: Clone + Sync + 'static,
        E::Body: Clone + Sync + 'static,
        E::Reply: Send + 'static,
    {
        self.change::<E>(case, Mode::Logged)
    }

    /// As [`Self::write`], where all calls to one address wait for one row: in a rush they are decided together.
    pub(super) fn write_together<E: Endpoint + 'static>(self, case: ChangeAll<E>) -> Self
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
                    match write_together::<E>(case, &site, path, &caller, body).await {
                        Ok(reply) => reply,
                        Err(problem) => LocalizedProblem(problem, caller.lang).into_response(),
                    }
                },
            )
        })
    }

    /// A use case that changes something that concerns nobody but the caller's own devices: it leaves no entry.
    pub(super) fn private<E: Endpoint + 'static>(self, case: Change<E>) -> Self
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
                        Err(problem) => LocalizedProblem(problem, caller.lang).into_response(),
                    }
                },
            )
        })
    }

    /// A handler of its own, where a reply is more than JSON.
    pub(super) fn own<E: Endpoint, T: 'static>(self, handler: impl Handler<T, Site>) -> Self {
        self.add::<E>(|method| on(method, handler))
    }
}

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
        return LocalizedProblem(Problem::NotFound, caller.lang).into_response();
    };
    match look(site, caller, move |tx, call| case(tx, call, path.clone())).await {
        Ok(reply) => json(StatusCode::OK, &reply),
        Err(problem) => LocalizedProblem(problem, caller.lang).into_response(),
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
        let who = role::find_actor(tx, session.as_deref(), now_ms / 1000)?;
        let stands = who.1.is_some();
        Ok((case(tx, &Call::new(who, now_ms, &centres))?, stands))
    });
    let (done, stands) = done.await.map_err(problem)?;
    know(site, caller, stands);
    Ok(done)
}

/// The session of whoever calls was found to stand: from now on it has a limit of its own.
fn know(site: &Site, caller: &Caller, stands: bool) {
    if let Some(session) = caller.session.as_deref().filter(|_| stands) {
        site.limits.knows(session);
    }
}

/// As [`look`], where that somebody looked is written down.
pub(super) async fn watch<T: Send + 'static>(
    site: &Site,
    caller: &Caller,
    case: impl Fn(&mut Tx<'_>, &Call) -> Result<T, Fail> + Send + 'static,
) -> Result<T, Problem> {
    let (session, now_ms, centres) = (
        caller.session.clone(),
        site.clock.now_ms(),
        Arc::clone(&site.centres),
    );
    let again = caller.again;
    let done = site.db.write(move |tx| {
        let who = role::find_actor(tx, session.as_deref(), now_ms / 1000)?;
        let call = Call::new(who, now_ms, &centres);
        case(tx, &Call { again, ..call })
    });
    done.await.map_err(problem)
}

/// Whether somebody is signed in.
async fn is_somebody(site: &Site, caller: &Caller) -> Result<bool, Problem> {
    look(site, caller, |_, call| Ok(call.person().is_ok())).await
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
    let sent = Sent::<E>::receive(site, path, caller, body).await?;
    let (centre, centres) = (api::centre_of::<E>(&sent.path), Arc::clone(&site.centres));
    let bytes = sent.bytes.clone();
    let work = move |tx: &mut Tx<'_>| {
        let now = sent.now_ms / 1000;
        // First who it is: the reply that is kept under a key is for that person alone.
        let who = role::find_actor(tx, sent.session.as_deref(), now)?;
        let sender = sent.sender(&who.0)?;
        sent.write.once(tx, &sender, now, |tx| {
            let call = Call::new(who, sent.now_ms, &centres).by(sent.channel);
            let reply = case(tx, &call, sent.path.clone(), sent.body.clone())?;
            debug_assert!(
                call.noted.get() == (mode != Mode::Private),
                "{} and the audit log",
                E::NAME
            );
            Ok(reply)
        })
    };
    let done = site.db.write(work).await;
    done.map(|reply| json(StatusCode::OK, &reply))
        .map_err(|fail| refuse::<E>(site, centre.as_ref(), fail, &bytes))
}

/// What stands against a change, counted for the figures.
fn refuse<E: Endpoint>(
    site: &Site,
    centre: Option<&CentreId>,
    fail: Fail,
    bytes: &[u8],
) -> Problem {
    let problem = problem(fail);
    site.refusals
        .count_problem(centre, &problem, || wanted_at::<E>(bytes));
    problem
}

/// The room and hour that a refused request wanted, where it wanted one.
fn wanted_at<E: Endpoint>(bytes: &[u8]) -> Option<WantedAt> {
    if E::NAME != api::Book::NAME {
        return None;
    }
    let wanted: api::NewBooking = serde_json::from_slice(bytes).ok()?;
    Some(WantedAt::of(wanted.room, wanted.start))
}

/// A change as it came in.
struct Sent<E: Endpoint> {
    session: Option<String>,
    believed: Option<PersonId>,
    now_ms: i64,
    channel: Option<Channel>,
    write: Write,
    path: E::Path,
    body: E::Body,
    /// As it came.
    bytes: Bytes,
}

impl<E: Endpoint> Sent<E> {
    /// Who sends it: nobody where the page was opened by somebody else than who is signed in now.
    fn sender(&self, actor: &Actor) -> Result<PersonId, Problem> {
        let person = actor.person.as_ref();
        let meant = person.filter(|person| self.believed.as_ref().is_none_or(|one| one == *person));
        meant.cloned().ok_or(Problem::NotSignedIn)
    }

    async fn receive(
        site: &Site,
        path: GivenPath<E>,
        caller: &Caller,
        body: Body,
    ) -> Result<Self, Problem> {
        let Ok(Path(path)) = path else {
            return Err(Problem::NotFound);
        };
        let key = caller.key()?;
        let bytes = match is_large::<E>() && is_somebody(site, caller).await? {
            true => large_bytes(body).await?,
            false => bytes(body).await?,
        };
        Ok(Self {
            session: caller.session.clone(),
            believed: caller.believed.clone(),
            now_ms: site.clock.now_ms(),
            channel: caller.channel,
            write: Write::new(key, E::NAME, &E::url(&path), &bytes),
            body: parse(&bytes)?,
            bytes,
            path,
        })
    }
}

async fn write_together<E: Endpoint + 'static>(
    case: ChangeAll<E>,
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
    let sent = Sent::<E>::receive(site, path, caller, body).await?;
    let (centre, centres) = (api::centre_of::<E>(&sent.path), Arc::clone(&site.centres));
    let bytes = sent.bytes.clone();
    let work = move |tx: &mut Tx<'_>, all: &[Sent<E>]| change_together(tx, case, &centres, all);
    let done = site
        .db
        .write_together(E::url(&sent.path), sent, Arc::new(work));
    done.await
        .map(|reply| json(StatusCode::OK, &reply))
        .map_err(|fail| refuse::<E>(site, centre.as_ref(), fail, &bytes))
}

fn change_together<E: Endpoint>(
    tx: &mut Tx<'_>,
    case: ChangeAll<E>,
    centres: &Arc<Centres>,
    all: &[Sent<E>],
) -> Result<Vec<Result<E::Reply, Problem>>, Fail>
where
    E::Path: Clone,
    E::Body: Clone,
{
    let now = all.iter().map(|sent| sent.now_ms / 1000).max();
    let now = now.unwrap_or_default();
    let tokens = all.iter().filter_map(|sent| sent.session.as_deref());
    let actors = role::find_actors(tx, tokens, now)?;
    let mut writes = Vec::new();
    let mut asked = Vec::new();
    let mut known = Vec::with_capacity(all.len());
    for sent in all {
        let who = sent.session.as_ref().and_then(|token| actors.get(token));
        let person = who.and_then(|who| who.0.person.as_ref());
        let person = person.filter(|_| who.is_some_and(|who| sent.sender(&who.0).is_ok()));
        known.push(person.is_some());
        if let (Some(who), Some(person)) = (who, person) {
            writes.push((&sent.write, person));
            asked.push(Asked {
                call: Call::new(who.clone(), sent.now_ms, centres).by(sent.channel),
                path: sent.path.clone(),
                body: sent.body.clone(),
            });
        }
    }
    let done = Write::once_all(tx, &writes, now, |tx, fresh| {
        let asked: Vec<&Asked<E>> = fresh.iter().map(|number| &asked[*number]).collect();
        let replies = case(tx, &asked)?;
        for (asked, reply) in asked.iter().zip(&replies) {
            debug_assert!(
                reply.is_err() || asked.call.noted.get(),
                "{} and the audit log",
                E::NAME
            );
        }
        Ok(replies)
    })?;
    let mut done = done.into_iter();
    let replies = known.into_iter().map(|known| {
        let reply = known.then(|| done.next()).flatten();
        reply.unwrap_or(Err(Problem::NotSignedIn))
    });
    Ok(replies.collect())
}
