//! Routes: every page of the app by name, its path, and back. The app's route table, links, letters, audit entries and
//! the server all take paths from here.

use crate::id::{ActivityId, ActivitySessionId, BookingId, CaseId, CentreId, PersonId};

/// A page of the app.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Page {
    /// The front page: the live floor map.
    Map,
    /// The calendar of a day or of a room's week.
    Calendar,
    /// What is on.
    Activities,
    /// One activity.
    Activity(CentreId, ActivityId),
    /// The attendance sheet of a session.
    Attendance(CentreId, ActivitySessionId),
    /// The clubs of a centre.
    Clubs,
    /// The form that publishes an activity.
    Publish,
    /// One's household.
    Household,
    /// One's letters.
    Messages,
    /// The booking form.
    Book,
    /// One booking.
    Booking(CentreId, BookingId),
    /// What the house does for people, and one's own cases.
    Cases,
    /// One case.
    Case(CentreId, CaseId),
    /// A case without a name, opened by its secret.
    Nameless,
    /// The queue of cases, for staff.
    Queue,
    /// One's bookings, sign-ups and settings.
    Me,
    /// The day of the house, for staff.
    Desk,
    /// Somebody's record, for staff.
    Record(CentreId, PersonId),
    /// Rooms that are out of use.
    Closures,
    /// The people who run a centre.
    Roles,
    /// The settings of a centre.
    Settings,
    /// The audit log.
    Audit,
    /// Figures with plots.
    Figures,
    /// Signing in.
    SignIn,
    /// The page that the first manager's link opens.
    FirstManager,
}

impl Page {
    /// The path, with a leading slash and without a query.
    pub fn path(&self) -> String {
        match self {
            Self::Activity(centre, id) => format!("/activities/{centre}/{id}"),
            Self::Attendance(centre, id) => format!("/attendance/{centre}/{id}"),
            Self::Booking(centre, id) => format!("/bookings/{centre}/{id}"),
            Self::Record(centre, id) => format!("/people/{centre}/{id}"),
            Self::Case(centre, id) => format!("/cases/{centre}/{id}"),
            Self::Map => "/".to_owned(),
            Self::Calendar => "/calendar".to_owned(),
            Self::Activities => "/activities".to_owned(),
            Self::Clubs => "/clubs".to_owned(),
            Self::Publish => "/publish".to_owned(),
            Self::Household => "/household".to_owned(),
            Self::Messages => "/messages".to_owned(),
            Self::Book => "/book".to_owned(),
            Self::Cases => "/cases".to_owned(),
            Self::Nameless => "/nameless".to_owned(),
            Self::Queue => "/queue".to_owned(),
            Self::Me => "/me".to_owned(),
            Self::Desk => "/desk".to_owned(),
            Self::Closures => "/closures".to_owned(),
            Self::Roles => "/roles".to_owned(),
            Self::Settings => "/settings".to_owned(),
            Self::Audit => "/audit".to_owned(),
            Self::Figures => "/figures".to_owned(),
            Self::SignIn => "/sign-in".to_owned(),
            Self::FirstManager => "/first-manager".to_owned(),
        }
    }

    /// The page at a path; nothing where there is none.
    pub fn parse(path: &str) -> Option<Self> {
        let mut parts = path.trim_matches('/').split('/');
        let (noun, centre, id) = (parts.next()?, parts.next(), parts.next());
        if parts.next().is_some() {
            return None;
        }
        let sound = |text: &&str| {
            (1..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic())
        };
        if let (Some(centre), Some(id)) =
            (centre.filter(|id| crate::id::is_slug(id)), id.filter(sound))
        {
            let centre = CentreId::new(centre);
            return Some(match noun {
                "activities" => Self::Activity(centre, ActivityId::new(id)),
                "attendance" => Self::Attendance(centre, ActivitySessionId::new(id)),
                "bookings" => Self::Booking(centre, BookingId::new(id)),
                "people" => Self::Record(centre, PersonId::new(id)),
                "cases" => Self::Case(centre, CaseId::new(id)),
                _ => return None,
            });
        }
        if centre.is_some() {
            return None;
        }
        Some(match noun {
            "" => Self::Map,
            "calendar" => Self::Calendar,
            "activities" => Self::Activities,
            "clubs" => Self::Clubs,
            "publish" => Self::Publish,
            "household" => Self::Household,
            "messages" => Self::Messages,
            "book" => Self::Book,
            "cases" => Self::Cases,
            "nameless" => Self::Nameless,
            "queue" => Self::Queue,
            "me" => Self::Me,
            "desk" => Self::Desk,
            "closures" => Self::Closures,
            "roles" => Self::Roles,
            "settings" => Self::Settings,
            "audit" => Self::Audit,
            "figures" => Self::Figures,
            "sign-in" => Self::SignIn,
            "first-manager" => Self::FirstManager,
            _ => return None,
        })
    }

    /// The centre that the path itself names.
    pub fn centre(&self) -> Option<&CentreId> {
        match self {
            Self::Activity(centre, _)
            | Self::Attendance(centre, _)
            | Self::Booking(centre, _)
            | Self::Record(centre, _)
            | Self::Case(centre, _) => Some(centre),
            _ => None,
        }
    }

    /// The place of the app that the page belongs to: what its bar marks as current.
    #[must_use]
    pub fn place(&self) -> Self {
        match self {
            Self::Map => Self::Map,
            Self::Calendar | Self::Book => Self::Calendar,
            Self::Activities | Self::Activity(..) | Self::Clubs | Self::Publish => Self::Activities,
            Self::Cases | Self::Case(..) | Self::Nameless => Self::Cases,
            Self::Desk
            | Self::Queue
            | Self::Record(..)
            | Self::Attendance(..)
            | Self::Closures
            | Self::Roles
            | Self::Settings
            | Self::Audit
            | Self::Figures => Self::Desk,
            Self::Household
            | Self::Messages
            | Self::Booking(..)
            | Self::Me
            | Self::SignIn
            | Self::FirstManager => Self::Me,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_page_is_found_at_its_path() {
        let centre = || CentreId::new("xizhan");
        let all = [
            Page::Map,
            Page::Calendar,
            Page::Activities,
            Page::Activity(centre(), "a1".into()),
            Page::Attendance(centre(), "s1".into()),
            Page::Clubs,
            Page::Publish,
            Page::Household,
            Page::Messages,
            Page::Book,
            Page::Booking(centre(), "b1".into()),
            Page::Cases,
            Page::Case(centre(), "c1".into()),
            Page::Nameless,
            Page::Queue,
            Page::Me,
            Page::Desk,
            Page::Record(centre(), "p1".into()),
            Page::Closures,
            Page::Roles,
            Page::Settings,
            Page::Audit,
            Page::Figures,
            Page::SignIn,
            Page::FirstManager,
        ];
        for page in all {
            assert_eq!(Page::parse(&page.path()), Some(page.clone()));
            assert_eq!(page.place().place(), page.place());
        }
        for none in [
            "/nowhere",
            "/activities/xizhan",
            "/people/Bad Slug/p1",
            "/calendar/xizhan/x",
            "/bookings/a/b/c",
        ] {
            assert_eq!(Page::parse(none), None, "{none}");
        }
    }
}
