//! What is said of access for programs: tokens.

use crate::{person::token::Scope, text::catalogue};

catalogue! { KEYS:
    scope_read "查看" "read"
    scope_write "办理" "change"
    scope_staff "以工作人员身份" "act as staff"
    scope_read_about "看您能看的：预约、报名、活动。" "See what you see: bookings, sign-ups, activities."
    scope_write_about "替您预约、报名、取消。" "Book, sign up and call off for you."
    scope_staff_about "查看和办理都带上您的工作人员权限。" "Both also with your rights as staff."
    tokens_title "给程序用的令牌" "Tokens for programs"
    tokens_about "自己写的小程序、表格、机器人用令牌替您查看和办理，不用您的手机号。只给信得过的程序；不用了就收回。" "A program of yours looks things up and acts for you by a token, without your number. Give one only to what you trust, and end it when it is no longer needed."
    tokens_page "接口说明" "Description of the interface"
    api_title "邻里接口说明" "The API of Linli"
    api_schemas "数据格式" "Schemas"
    api_sent "发送" "Sent"
    api_reply "返回" "Reply"
    api_token(scope: &str) "令牌要有 {scope}。" "A token needs {scope}."
    token_new "新令牌" "New token"
    token_name "叫什么" "What it is called"
    token_days "有效多久" "For how long"
    token_term(days: u16) "{days} 天" "{days} days"
    token_scopes "可以做什么" "What it is for"
    token_make "生成令牌" "Make the token"
    token_once "请现在抄下来，以后不再显示：" "Copy it now; it is not shown again:"
    token_until(date: &str) "到 {date}" "until {date}"
    token_used(date: &str) "最近用过：{date}" "last used {date}"
    token_never "还没用过" "never used"
    token_end "收回" "End it"
    token_ended "令牌已收回，马上失效。" "The token has ended; it serves no longer."
}

impl Scope {
    /// What it is called.
    pub fn word(self, lang: crate::language::Lang) -> &'static str {
        match self {
            Self::Read => lang.scope_read(),
            Self::Write => lang.scope_write(),
            Self::Staff => lang.scope_staff(),
        }
    }

    /// What it lets a program do.
    pub fn about(self, lang: crate::language::Lang) -> &'static str {
        match self {
            Self::Read => lang.scope_read_about(),
            Self::Write => lang.scope_write_about(),
            Self::Staff => lang.scope_staff_about(),
        }
    }
}
