//! Clubs and their members.

use domain::{
    api::{
        AddOrganiser, CancelBooking, Cancellation, ChangeClub, CloseClub, ClubChange, ClubEnd,
        ClubTerms, GetBooking, JoinClub, ListClosedClubs, ListClubs, ListLetters, ListMyClubs,
        MakeClub, NewActivity, NewOrganiser, Publish, RemoveOrganiser, ReopenClub, UndoBooking,
    },
    booking::BookingState,
    centre::room::Purpose,
    language::Name,
    message::News,
    person::permission::Role,
    problem::Problem,
};

use super::{
    classes::{new_activity, organiser},
    fixture::{at, house, on_both},
};

#[test]
fn clubs_have_members_and_their_organisers_publish() {
    on_both(|town| {
        let leader = town.resident();
        let id = leader.id.clone();
        town.run(move |tx| {
            tx.exec(
                "insert into club (centre_id, id, name_zh, name_en, about_zh, about_en, kind) values ('house', 'brush', '书法社', 'Brush club', '', '', 'calligraphy')",
                &[],
            )?;
            tx.exec(
                "insert into club_member (centre_id, club_id, person_id, organises, since) values ('house', 'brush', $1, 1, 0)",
                &[(&id).into()],
            )?;
            Ok(())
        });
        let of_club = NewActivity {
            club: Some("brush".into()),
            ..new_activity(1, 5)
        };
        let activity = leader.ok::<Publish>(&house(), &of_club);
        assert_eq!(activity.club.clone().unwrap().name.en, "Brush club");
        let later = NewActivity {
            start: at("2026-11-25T09:30"),
            end: at("2026-11-25T11:00"),
            ..of_club
        };
        assert_eq!(
            organiser(town).problem::<Publish>(&house(), &later),
            Problem::NotAllowed,
            "of another club"
        );
        // Whoever published it and was put out of the club has no say in its sessions, and hears nothing of them.
        let booking = activity.sessions[0].booking.clone();
        let follower = town.resident();
        let (out, new) = (leader.id.clone(), follower.id.clone());
        town.run(move |tx| {
            tx.exec("update club_member set organises = 0 where person_id = $1", &[(&out).into()])?;
            tx.exec(
                "insert into club_member (centre_id, club_id, person_id, organises, since) values ('house', 'brush', $1, 1, 0)",
                &[(&new).into()],
            )?;
            Ok(())
        });
        let why = Cancellation {
            reason: String::new(),
            ..Cancellation::default()
        };
        let path = (house(), booking);
        assert_eq!(
            leader.problem::<CancelBooking>(&path, &why),
            Problem::NotAllowed
        );
        assert_eq!(
            leader.problem::<UndoBooking>(&path, &()),
            Problem::NotAllowed
        );
        town.staff().ok::<CancelBooking>(&path, &why);
        assert!(leader.ok::<ListLetters>(&(), &()).is_empty());
        assert_eq!(follower.ok::<ListLetters>(&(), &()).len(), 1);
        let (out, new) = (leader.id.clone(), follower.id.clone());
        town.run(move |tx| {
            tx.exec(
                "update club_member set organises = 1 where person_id = $1",
                &[(&out).into()],
            )?;
            tx.exec(
                "delete from club_member where person_id = $1",
                &[(&new).into()],
            )?;
            Ok(())
        });
        let member = town.resident();
        let club = (house(), "brush".into());
        assert!(!member.ok::<JoinClub>(&club, &())[0].organises);
        member.ok::<JoinClub>(&club, &());
        assert_eq!(
            member.problem::<Publish>(&house(), &later),
            Problem::NotAllowed,
            "a member does not organise"
        );
        assert_eq!(town.visitor().ok::<ListClubs>(&house(), &())[0].members, 2);
        assert_eq!(member.ok::<domain::api::LeaveClub>(&club, &()), vec![]);
        assert_eq!(member.ok::<ListMyClubs>(&(), &()), vec![]);
        assert_eq!(
            member.problem::<JoinClub>(&(house(), "none".into()), &()),
            Problem::NotFound
        );
    });
}

fn terms(zh: &str) -> ClubTerms {
    ClubTerms {
        name: Name::new(zh, ""),
        about: Name::new("周三晚上", ""),
        kind: Purpose::Dance,
    }
}

#[test]
fn a_club_is_made_described_run_closed_and_opened_again() {
    on_both(|town| {
        let manager = town.person(Some((Some("house"), Role::Manager)));
        let club = manager.ok::<MakeClub>(&house(), &terms("舞蹈队")).remove(0);
        assert_eq!((club.name.en.as_str(), club.members), ("舞蹈队", 0));
        let path = (house(), club.id.clone());
        // Somebody who was never here organises it once they sign in with that number.
        let new = |phone: &str, name: &str| NewOrganiser {
            phone: phone.to_owned(),
            name: name.to_owned(),
        };
        let nameless = manager.problem::<AddOrganiser>(&path, &new("13877001234", ""));
        assert_eq!(nameless.fields(), ["name"]);
        let all = manager.ok::<AddOrganiser>(&path, &new("13877001234", "阿依古丽"));
        assert_eq!(all[0].name, "阿依古丽");
        let leader = town.signed_in(&all[0].person);
        assert!(matches!(
            &leader.ok::<ListLetters>(&(), &())[0].news,
            News::OrganiserMade { .. }
        ));
        let of_club = NewActivity {
            club: Some(club.id.clone()),
            ..new_activity(1, 5)
        };
        let activity = leader.ok::<Publish>(&house(), &of_club);
        let anew = ClubChange {
            before: ClubTerms {
                name: club.name.clone(),
                about: club.about.clone(),
                kind: club.kind,
            },
            after: terms("广场舞队"),
        };
        leader.ok::<ChangeClub>(&path, &anew);
        assert_eq!(
            manager.problem::<ChangeClub>(&path, &anew),
            Problem::Overtaken,
            "it was described anew meanwhile"
        );
        assert_eq!(
            town.visitor().ok::<ListClubs>(&house(), &())[0].name.zh,
            "广场舞队"
        );
        assert_eq!(
            leader.problem::<CloseClub>(&path, &ClubEnd::default()),
            Problem::NotAllowed
        );
        let end = ClubEnd {
            cancel: Some("不办了".to_owned()),
        };
        let empty = ClubEnd {
            cancel: Some(" ".to_owned()),
        };
        assert_eq!(
            manager.problem::<CloseClub>(&path, &empty).fields(),
            ["reason"]
        );
        assert!(manager.ok::<CloseClub>(&path, &end).is_empty());
        let booking = (house(), activity.sessions[0].booking.clone());
        assert_eq!(
            leader.ok::<GetBooking>(&booking, &()).state,
            BookingState::Cancelled
        );
        assert_eq!(
            town.resident().problem::<JoinClub>(&path, &()),
            Problem::NotFound
        );
        assert_eq!(
            leader.problem::<Publish>(&house(), &of_club),
            Problem::NotFound
        );
        assert!(leader.ok::<ListMyClubs>(&(), &()).is_empty());
        assert_eq!(
            manager.problem::<CloseClub>(&path, &end),
            Problem::Overtaken
        );
        assert_eq!(manager.ok::<ListClosedClubs>(&house(), &()).len(), 1);
        assert_eq!(manager.ok::<ReopenClub>(&path, &()).len(), 1);
        leader.ok::<Publish>(&house(), &of_club);
        let out = (house(), club.id.clone(), leader.id.clone());
        assert!(manager.ok::<RemoveOrganiser>(&out, &()).is_empty());
        assert_eq!(
            leader.problem::<Publish>(&house(), &of_club),
            Problem::NotAllowed
        );
        assert!(
            !leader.ok::<ListMyClubs>(&(), &())[0].organises,
            "a member still"
        );
        assert_eq!(
            manager.problem::<RemoveOrganiser>(&out, &()),
            Problem::Overtaken
        );
    });
}
