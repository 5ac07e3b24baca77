//! What the screens say.

use crate::text::catalogue;

catalogue! { KEYS:
    app_name "邻里" "Linli"
    closed_today "不开放" "closed"
    yesterday "昨天" "yesterday"
    today "今天" "today"
    tomorrow "明天" "tomorrow"
    sms_code(code: &str, within: &str) "邻里验证码 {code}，{within}内有效。请不要告诉别人。" "Linli code {code}, valid for {within}. Do not pass it on."
    calendar_note(phone: &str) "有事请联系服务台：{phone}" "Questions? The desk's number is {phone}."
}
