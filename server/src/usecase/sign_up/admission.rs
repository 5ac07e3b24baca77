//! Signing up: who may, and whether there is a place.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::{
    api::{NewSignUp, SignUpFor},
    audit::{Act, Subject},
    id::{ActivityId, ActivitySessionId, CentreId, PersonId, SignUpId},
    page::Page,
    person::{
        age::needs_consent,
        behalf::{Behalf, Channel},
        household::{CONSENT_VERSION, MOST_MEMBERS, Member},
    },
    problem::{Problem, TextFault},
    sign_up::{
        SignUp, SignUpState,
        admission::{self, Placing},
        refusal::SignUpRefusal,
    },
};

use crate::{
    clock,
    db::{Fail, Tx},
    usecase::{
        Asked,
        audit::Note,
        call::Call,
        centre::known::{Known, tell},
        person::{
            behalf,
            household::{self, Belonging},
        },
        sign_up::{
            aim::{Aim, Taken, read_aim, read_taken},
            consent::Consent,
            place_list::{List, list_id},
            rows::{NewRow, find, insert},
        },
    },
};

/// People who are signed up together, or not at all, as far as it is known before their list is.
struct Party<'a> {
    call: &'a Call,
    new: &'a NewSignUp,
    /// Who acts.
    actor: &'a PersonId,
    /// For whom it is asked, and by which way.
    asks: Member,
    channel: Channel,
    people: Vec<Member>,
}

/// [`domain::api::SignUpFor`], for several callers at once: what they ask for is decided in their order under one lock of each
/// list, and written with one statement per table.
///
/// # Errors
/// When the database fails. For each caller the rule that stands against one of their people: then nobody of them is signed up.
pub fn sign_up(
    tx: &mut Tx<'_>,
    asked: &[&Asked<SignUpFor>],
) -> Result<Vec<Result<Vec<SignUp>, Problem>>, Fail> {
    let Some(first) = asked.first() else {
        return Ok(Vec::new());
    };
    let known = first.call.centres.hold(tx, &first.path.0)?;
    let mut parties = gather_parties(tx, &known, asked)?;
    // One list after the other, always in the same order.
    let mut lists: BTreeMap<Option<&ActivitySessionId>, Vec<(usize, Party<'_>)>> = BTreeMap::new();
    let mut done: Vec<Option<Result<Vec<SignUp>, Problem>>> = Vec::new();
    for (number, (party, asked)) in parties.drain(..).zip(asked).enumerate() {
        done.push(match party {
            Ok(party) => {
                // By what they ask for: whoever names a list in a wrong way stands alone.
                let session = asked.body.session.as_ref();
                lists.entry(session).or_default().push((number, party));
                None
            }
            Err(problem) => Some(Err(problem)),
        });
    }
    for (session, parties) in lists {
        let (numbers, parties): (Vec<usize>, Vec<Party<'_>>) = parties.into_iter().unzip();
        let activity = &first.path.1;
        let placed = match sign_up_on(tx, &known, (activity, session), &parties) {
            Ok(placed) => placed,
            // There is no such list: nothing was changed.
            Err(Fail::Problem(Problem::NotFound)) => {
                refuse_all(&parties, &SignUpRefusal::NotOn.into())
            }
            Err(other) => return Err(other),
        };
        for (number, placed) in numbers.into_iter().zip(placed) {
            done[number] = Some(placed);
        }
    }
    let decided = done
        .into_iter()
        .map(|one| one.unwrap_or(Err(Problem::Defect)));
    Ok(decided.collect())
}

/// Locks households, then people, each always in the same order, and finds out who is to be signed up by whom.
fn gather_parties<'a>(
    tx: &mut Tx<'_>,
    known: &Known,
    asked: &[&'a Asked<SignUpFor>],
) -> Result<Vec<Result<Party<'a>, Problem>>, Fail> {
    let mut wishes = Vec::with_capacity(asked.len());
    for one in asked {
        wishes.push(match read_wish(tx, known, one) {
            Ok(wish) => Ok(wish),
            Err(Fail::Problem(problem)) => Err(problem),
            Err(fault) => return Err(fault),
        });
    }
    let given = || wishes.iter().flatten();
    household::keep_of_all(tx, &given().map(|wish| &wish.behalf.person).collect())?;
    let wanted: BTreeSet<&PersonId> = given().flat_map(|wish| &wish.people).collect();
    let mut found = Belonging::lock_all(tx, wanted)?;
    // Those who sign up others only.
    let rest: Vec<&PersonId> = given()
        .map(|wish| &wish.behalf.person)
        .filter(|person| !found.contains_key(*person))
        .collect();
    found.extend(Belonging::of_all(tx, rest)?);
    let parties = wishes.into_iter().zip(asked).map(|(wish, asked)| {
        let Wish {
            actor,
            behalf,
            people,
        } = wish?;
        let asks = found.get(&behalf.person).ok_or(Problem::NotFound)?;
        let mut members = Vec::with_capacity(people.len());
        for person in &people {
            let member = found.get(person).filter(|member| asks.may_sign_up(member));
            members.push(member.ok_or(Problem::NotAllowed)?.member.clone());
        }
        members.sort_by_key(|one| asked.body.people.iter().position(|id| *id == one.id));
        Ok(Party {
            call: &asked.call,
            new: &asked.body,
            actor,
            asks: asks.member.clone(),
            channel: behalf.channel,
            people: members,
        })
    });
    Ok(parties.collect())
}

/// What somebody asks for, before anything is looked up.
struct Wish<'a> {
    actor: &'a PersonId,
    behalf: Behalf,
    people: BTreeSet<PersonId>,
}

fn read_wish<'a>(
    tx: &mut Tx<'_>,
    known: &Known,
    asked: &'a Asked<SignUpFor>,
) -> Result<Wish<'a>, Fail> {
    let Asked { call, body, .. } = asked;
    let behalf = behalf::resolve_beneficiary(tx, call, &known.centre.id, body.behalf.clone())?;
    let people: BTreeSet<PersonId> = body.people.iter().cloned().collect();
    if people.is_empty() || people.len() > MOST_MEMBERS {
        return Err(Problem::field("people", TextFault::OutOfRange).into());
    }
    Ok(Wish {
        actor: call.person()?,
        behalf,
        people,
    })
}

/// Signs parties up on one list, in their order.
fn sign_up_on(
    tx: &mut Tx<'_>,
    known: &Known,
    (activity, session): (&ActivityId, Option<&ActivitySessionId>),
    parties: &[Party<'_>],
) -> Result<Vec<Result<Vec<SignUp>, Problem>>, Fail> {
    let Some(first) = parties.first() else {
        return Ok(Vec::new());
    };
    let (call, centre) = (first.call, &known.centre.id);
    // The list first: what is read under its lock cannot be called off meanwhile.
    let id = list_id(activity, session);
    let (mut placed, goes_on) = List::change(tx, (call, known), id, |tx, list| {
        let aim = match read_aim(tx, known, activity, session) {
            Ok(aim) => aim,
            // It takes nobody. What the list was brought up to stays, and must be counted.
            Err(Fail::Problem(problem)) => return Ok((refuse_all(parties, &problem), false)),
            Err(fault) => return Err(fault),
        };
        let people = parties.iter().flat_map(|party| &party.people);
        let mut taken = read_taken(tx, (call, known), &aim, people.map(|one| &one.id))?;
        let mut stored = Stored::default();
        let place = |party| {
            place_party(
                known,
                (&aim, activity),
                party,
                &mut taken,
                list,
                &mut stored,
            )
        };
        let placed: Vec<_> = parties.iter().map(place).collect();
        stored.write(tx, centre)?;
        if placed.iter().any(Result::is_ok) {
            tell(tx, known, aim.from, aim.until);
        }
        // What was too little for a party in front may be enough for one of these.
        Ok((placed, list.left() > 0 && list.waiting > 0))
    })?;
    if goes_on {
        let waiting = placed.iter_mut().flatten().flatten();
        for one in waiting.filter(|one| one.state == SignUpState::Waitlisted) {
            let position = one.position;
            *one = find(tx, call, centre, &one.id)?.sign_up;
            one.position = position.filter(|_| one.state == SignUpState::Waitlisted);
        }
    }
    Ok(placed)
}

fn refuse_all<T>(parties: &[Party<'_>], problem: &Problem) -> Vec<Result<T, Problem>> {
    parties.iter().map(|_| Err(problem.clone())).collect()
}

/// What is to be stored of parties that were placed.
#[derive(Default)]
struct Stored<'a> {
    sign_ups: Vec<NewRow<'a>>,
    consents: Vec<Consent<'a>>,
    notes: Vec<(&'a Call, Note<'a>)>,
}

impl Stored<'_> {
    fn write(self, tx: &mut Tx<'_>, centre: &CentreId) -> Result<(), Fail> {
        insert(tx, centre, &self.sign_ups)?;
        Consent::give_all(tx, centre, &self.consents)?;
        Note::write_all(tx, self.notes)
    }
}

/// Decides about one party, and counts it in.
fn place_party<'a>(
    known: &'a Known,
    (aim, activity): (&Aim, &'a ActivityId),
    party: &'a Party<'_>,
    taken: &mut HashMap<PersonId, Taken>,
    list: &mut List,
    stored: &mut Stored<'a>,
) -> Result<Vec<SignUp>, Problem> {
    let (call, centre) = (party.call, &known.centre.id);
    let now = known.zone.stamp(call.now()).local;
    // A child does not agree for another.
    let agrees = !party.asks.is_child(now.date()) && party.new.consent == Some(CONSENT_VERSION);
    for member in &party.people {
        let candidate = match taken.get(&member.id) {
            Some(taken) => taken.candidate(member, agrees),
            None => Taken::default().candidate(member, agrees),
        };
        admission::admit(&aim.terms, &candidate, now)?;
    }
    let size = u16::try_from(party.people.len()).unwrap_or(u16::MAX);
    let placing = admission::place(list.left(), list.waiting, size, party.new.wait)?;
    let state = match placing {
        Placing::Confirmed => SignUpState::Confirmed,
        Placing::Waitlisted => SignUpState::Waitlisted,
    };
    let subject = Subject {
        what: Some(aim.title.clone()),
        start: aim.terms.sessions.first().map(|slot| slot.start()),
        reason: String::new(),
        path: Page::Activity(centre.clone(), activity.clone()).path(),
    };
    let (first, ahead) = (list.next, list.waiting);
    let mut signed = Vec::with_capacity(party.people.len());
    for ((member, seq), number) in party.people.iter().zip(first..).zip(1..) {
        let id = SignUpId::new(clock::new_id(call.now_ms));
        let mut one = aim.signed_up(
            call,
            known,
            (id.clone(), activity),
            member,
            (state, party.channel),
        );
        one.position = (state == SignUpState::Waitlisted).then_some(ahead + number);
        signed.push(one);
        stored.sign_ups.push(NewRow {
            id,
            list: list_id(activity, party.new.session.as_ref()),
            activity,
            person: &member.id,
            actor: party.actor,
            guardian: &party.asks.id,
            channel: party.channel,
            state,
            party: first,
            seq,
            made_at: call.now(),
        });
        if needs_consent(member.birth, now.date()) {
            stored.consents.push(Consent {
                call,
                child: &member.id,
                guardian: &party.asks.id,
                channel: party.channel,
            });
        }
        let note = Note::at(Act::signing(state), centre).of(&member.id);
        let note = note.by(party.channel).about(subject.clone());
        stored.notes.push((call, note));
        taken.entry(member.id.clone()).or_default().already = true;
    }
    list.next += i64::from(size);
    match placing {
        Placing::Confirmed => list.taken += size,
        Placing::Waitlisted => list.waiting += size,
    }
    Ok(signed)
}
