//! Router: every operation and the use case it is bound to, in one flat list.

use axum::{
    Router,
    middleware::from_fn_with_state,
    routing::{MethodFilter, on},
};
use domain::{api, problem::Problem};

use super::{
    caller::Caller,
    case as cases,
    endpoint::Routes,
    file::{self, calendar, paper, picture},
    follow::follow,
    guard::guard,
    health, openapi, page, people as search, refusal,
    reply::LocalizedProblem,
    sign_in, story, token,
};
use crate::{
    state::Site,
    usecase::{
        activity::{self, attendance},
        audit, booking, case as desk_case, centre, club,
        desk::{merge, people, today},
        feed, figures, hook, household, message,
        person::{account, role, second_factor, sign_in as case, token as tokens},
        privacy, push, sign_up,
    },
};

/// The whole server as a service.
pub fn router(site: Site) -> Router {
    Routes(Router::new())
        .read::<api::ListCentres>(centre::list)
        .shared::<api::GetCentre>(centre::get)
        .shared::<api::GetOccupancy>(centre::occupancy::get_occupancy)
        .own::<api::FollowCentre, _>(follow)
        .own::<api::SendCode, _>(sign_in::send_code)
        .own::<api::SignIn, _>(sign_in::sign_in)
        .own::<api::ProveNumber, _>(sign_in::prove)
        .read::<api::ListDemoAccounts>(case::list_demo_accounts)
        .own::<api::SignInDemo, _>(sign_in::sign_in_demo)
        .own::<api::ClaimHouse, _>(sign_in::claim)
        .read::<api::GetMe>(account::get_me)
        .write::<api::ChangeMe>(account::change_me)
        .read::<api::GetMyData>(privacy::export)
        .write::<api::EraseMe>(privacy::erase_me)
        .read::<api::GetSecondFactor>(second_factor::act::get_setup)
        .own::<api::SetSecondFactor, _>(sign_in::set_second_factor)
        .own::<api::GiveSecondFactor, _>(sign_in::give_second_factor)
        .write::<api::RemoveSecondFactor>(second_factor::act::remove)
        .write::<api::RequireSecondFactor>(second_factor::act::require)
        .read::<api::ListSessions>(account::list_sessions)
        .private::<api::SignOut>(account::sign_out)
        .private::<api::SignOutEverywhere>(account::sign_out_everywhere)
        .read::<api::ListTokens>(tokens::list)
        .own::<api::MakeToken, _>(token::make)
        .write::<api::EndToken>(tokens::end)
        .read::<api::GetPush>(push::get)
        .private::<api::AddPush>(push::add)
        .private::<api::ChangePush>(push::change)
        .private::<api::RemovePush>(push::remove)
        .read::<api::ListMyBookings>(booking::list_mine)
        .read::<api::ListFeeds>(feed::list)
        .private::<api::MakeFeed>(feed::make)
        .private::<api::RevokeFeed>(feed::revoke)
        .own::<api::ReadFeed, _>(file::feed::get)
        .read::<api::GetHouseholdUse>(booking::history::list_household_use)
        .write::<api::Book>(booking::book::book)
        .read::<api::GetBooking>(booking::get)
        .write::<api::UndoBooking>(booking::end::undo)
        .asked::<api::PlanSeries>(booking::series::plan::plan)
        .asked::<api::PlanActivity>(booking::series::plan::plan_activity)
        .private::<api::HoldSlot>(booking::hold::hold)
        .private::<api::ReleaseSlot>(booking::hold::release)
        .write::<api::WaitForSlot>(booking::waitlist::wait)
        .write::<api::LeaveSlot>(booking::waitlist::leave)
        .read::<api::ListMyWaits>(booking::waitlist::list_mine)
        .write::<api::BookSeries>(booking::series::book)
        .read::<api::GetSeries>(booking::series::get)
        .write::<api::UndoSeries>(booking::series::undo)
        .write::<api::CancelBooking>(booking::end::cancel)
        .write::<api::RestoreBooking>(booking::end::restore)
        .write::<api::CheckInBooking>(booking::check_in::note)
        .write::<api::FinishBooking>(booking::check_in::finish)
        .write::<api::ExplainAbsence>(booking::check_in::explain)
        .write::<api::JudgeAbsence>(booking::check_in::judge)
        .write::<api::DecideBooking>(booking::decide::decide)
        .write::<api::UndoDecision>(booking::decide::undo_decision)
        .own::<api::GetCalendarFile, _>(calendar::get)
        .own::<api::GetSeriesFile, _>(calendar::series)
        .own::<api::GetSessionFile, _>(calendar::session)
        .own::<api::GetActivityFile, _>(calendar::activity)
        .own::<api::GetLogFile, _>(file::audit::get)
        .own::<api::FindEntries, _>(story::find)
        .own::<api::GetFoundFile, _>(file::audit::get_found)
        .own::<api::GetBookingStory, _>(story::of_booking)
        .own::<api::GetActivityStory, _>(story::of_activity)
        .own::<api::GetPoster, _>(paper::poster::get)
        .own::<api::GetDaySheet, _>(paper::day::get)
        .own::<api::GetSignInSheet, _>(paper::attendance::get)
        .own::<api::GetReport, _>(paper::report::get)
        .own::<api::GetSlip, _>(paper::slip::get)
        .own::<api::GetDoorSign, _>(paper::door::get)
        .own::<api::GetPicture, _>(picture::get)
        .read::<api::GetDesk>(today::get)
        .own::<api::FindPeople, _>(search::find)
        .write::<api::AddPerson>(people::add)
        .watched::<api::GetPerson>(people::get)
        .write::<api::ChangePerson>(people::change)
        .write::<api::MergePeople>(merge::merge)
        .write::<api::AddRelative>(people::add_relative)
        .write::<api::TellLetter>(message::tell)
        .write::<api::UntellLetter>(message::untell)
        .read::<api::GetAuditLog>(audit::list)
        .read::<api::GetFigures>(figures::get)
        .own::<api::GetFiguresFile, _>(file::figures::get)
        .read::<api::ListFigures>(figures::district::list)
        .own::<api::GetDistrictFile, _>(file::district::get)
        .own::<api::CountRefusal, _>(refusal::count)
        .read::<api::ListClosures>(centre::closure::list)
        .write::<api::CloseRooms>(centre::closure::close_rooms)
        .write::<api::ReopenRooms>(centre::closure::reopen)
        .write::<api::ChangeBooking>(booking::change::change)
        .write::<api::MakeClub>(club::manage::make)
        .write::<api::ChangeClub>(club::manage::change)
        .read::<api::ListClosedClubs>(club::list_closed)
        .read::<api::ListOrganisers>(club::manage::list_organisers)
        .write::<api::AddOrganiser>(club::manage::add_organiser)
        .write::<api::RemoveOrganiser>(club::manage::remove_organiser)
        .write::<api::CloseClub>(club::manage::close)
        .write::<api::ReopenClub>(club::manage::reopen)
        .write::<api::ChangeCentre>(centre::edit::change)
        .read::<api::ListRevisions>(centre::edit::list)
        .own::<api::GetCentreFile, _>(file::centre::get)
        .write::<api::MakeCentre>(centre::edit::make)
        .write::<api::UndoChange>(centre::undo::undo_change)
        .read::<api::ListHooks>(hook::list)
        .write::<api::MakeHook>(hook::make)
        .write::<api::RetryHook>(hook::retry)
        .write::<api::RemoveHook>(hook::remove)
        .read::<api::ListRoles>(role::list)
        .write::<api::GrantRole>(role::give)
        .write::<api::ChangeRole>(role::change)
        .write::<api::ResetSecondFactor>(second_factor::act::reset)
        .write::<api::WithdrawRole>(role::withdraw)
        .shared::<api::ListActivities>(activity::list)
        .shared::<api::GetActivity>(activity::get)
        .read::<api::ListMyActivities>(activity::list_mine)
        .write::<api::Publish>(activity::publish::publish)
        .write::<api::ChangeActivity>(activity::change::change)
        .write::<api::CancelSession>(activity::change::cancel_session)
        .write::<api::CancelActivity>(activity::change::cancel)
        .write_together::<api::SignUpFor>(sign_up::admission::sign_up)
        .read::<api::ListMySignUps>(sign_up::list_mine)
        .write::<api::UndoSignUp>(sign_up::undo)
        .write::<api::Withdraw>(sign_up::withdraw)
        .write::<api::AnswerOffer>(sign_up::answer::answer)
        .watched::<api::GetSheet>(attendance::open)
        .write::<api::MarkPerson>(attendance::mark)
        .write::<api::AddWalkIn>(attendance::walk_in)
        .read::<api::GetHousehold>(household::get)
        .write::<api::AddMember>(household::add)
        .write::<api::ChangeMember>(household::change)
        .write::<api::RestoreMember>(household::restore)
        .write::<api::RemoveMember>(household::remove)
        .write::<api::RenewCode>(household::renew)
        .write::<api::JoinHousehold>(household::join)
        .read::<api::ListLetters>(message::list)
        .private::<api::ReadLetters>(message::read)
        .write::<api::SendCase>(desk_case::send::send)
        .read::<api::ListMyCases>(desk_case::list_mine)
        .watched::<api::GetCase>(desk_case::get)
        .write::<api::TakeStep>(desk_case::step::take)
        .asked::<api::FindCases>(desk_case::find_all)
        .read::<api::ListColleagues>(desk_case::list_colleagues)
        .shared::<api::ListReports>(desk_case::list_reports)
        .write::<api::FollowReport>(desk_case::step::follow_report)
        .own::<api::SendNameless, _>(cases::send_nameless)
        .own::<api::ReadNameless, _>(cases::read_nameless)
        .own::<api::AnswerNameless, _>(cases::answer_nameless)
        .own::<api::SendPicture, _>(cases::send_picture)
        .own::<api::GetCasePicture, _>(cases::get_picture)
        .shared::<api::ListClubs>(club::list)
        .read::<api::ListMyClubs>(club::list_mine)
        .write::<api::JoinClub>(club::join)
        .write::<api::LeaveClub>(club::leave)
        .0
        .route("/api", on(MethodFilter::GET, openapi::page))
        .route(
            "/api/openapi.json",
            on(MethodFilter::GET, openapi::document),
        )
        .route("/healthz", on(MethodFilter::GET, async || "ok"))
        .route("/readyz", on(MethodFilter::GET, health::ready))
        .method_not_allowed_fallback(async |caller: Caller| {
            LocalizedProblem(Problem::BadMethod, caller.lang)
        })
        .fallback(page::page)
        .layer(from_fn_with_state(site.clone(), guard))
        .with_state(site)
}
