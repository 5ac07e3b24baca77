//! Scopes of the operations: what a token must be for.

use super::{
    Endpoint, EraseMe, FindCases, FindEntries, FindPeople, GetFoundFile, GetMyData, Method,
    PlanActivity, PlanSeries, ReadNameless, Spec,
};
use crate::person::token::Scope;

/// Operations that send a question in their body, and change nothing.
const QUESTIONS: &[&str] = &[
    FindCases::NAME,
    FindEntries::NAME,
    FindPeople::NAME,
    GetFoundFile::NAME,
    PlanActivity::NAME,
    PlanSeries::NAME,
    ReadNameless::NAME,
];

/// Where only people act themselves: signing in, who may do so, and what leads to more rights.
const PEOPLE_ONLY: &[&str] = &[
    "/demo",
    "/first-manager",
    "/me/second-factor",
    "/me/session",
    "/me/push",
    "/me/tokens",
    "/second-factor",
    "/sign-in",
];

impl Spec {
    /// What a token must be for, to be used for it; none where no token serves. What is also asked of staff is asked of its person.
    pub fn scope(&self) -> Option<Scope> {
        let is_role = self.path.contains("/roles") && self.method.is_write();
        // A secret address that a token made would outlive it.
        let is_address = self.path.contains("/hooks") || self.path.starts_with("/me/feeds");
        let is_all_of_me = [EraseMe::NAME, GetMyData::NAME].contains(&self.name);
        if is_role
            || is_address
            || is_all_of_me
            || PEOPLE_ONLY.iter().any(|path| self.path.starts_with(path))
        {
            return None;
        }
        Some(match self.writes() {
            true => Scope::Write,
            false => Scope::Read,
        })
    }

    /// True where it changes something, and needs a key.
    pub fn writes(&self) -> bool {
        self.method != Method::Get && !QUESTIONS.contains(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::super::ALL;

    #[test]
    fn no_token_serves_where_only_people_act() {
        let closed: Vec<_> = ALL
            .iter()
            .filter(|spec| spec.scope().is_none())
            .map(|spec| spec.name)
            .collect();
        assert_eq!(
            closed,
            [
                "SendCode",
                "SignIn",
                "ProveNumber",
                "ListDemoAccounts",
                "SignInDemo",
                "ClaimHouse",
                "GetMyData",
                "EraseMe",
                "GetSecondFactor",
                "SetSecondFactor",
                "GiveSecondFactor",
                "RemoveSecondFactor",
                "RequireSecondFactor",
                "ListSessions",
                "SignOut",
                "SignOutEverywhere",
                "ListTokens",
                "MakeToken",
                "EndToken",
                "GetPush",
                "AddPush",
                "ChangePush",
                "RemovePush",
                "ListFeeds",
                "MakeFeed",
                "RevokeFeed",
                "ListHooks",
                "MakeHook",
                "RetryHook",
                "RemoveHook",
                "GrantRole",
                "ChangeRole",
                "ResetSecondFactor",
                "WithdrawRole",
            ]
        );
    }
}
