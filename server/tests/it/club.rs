//! Clubs and their members.

use domain::{
    api::{
        CancelBooking, JoinClub, ListClubs, ListLetters, ListMyClubs, NewActivity, Publish, Reason,
        UndoBooking,
    },
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
        let why = Reason {
            reason: String::new(),
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
