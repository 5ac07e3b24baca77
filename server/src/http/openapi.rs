//! OpenAPI 3.1: the description of the API, made from the list of its operations, and a page of it.

use std::{fmt::Write, sync::OnceLock};

use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use domain::{
    api::{self, ALL, BASE, Endpoint, KEY_HEADER, Method, Spec},
    hook::HookBody,
    language::Lang,
    problem::Reported,
    view::drawing::escape,
};
use schemars::{SchemaGenerator, generate::SchemaSettings};
use serde_json::{Map, Value, json};

use super::{
    caller::{COOKIE, language},
    file::document::Document,
};

/// Where schemas stand in the description.
const SCHEMAS: &str = "#/components/schemas/";

/// Files, streams and pages by the names of their operations.
const MEDIA: &[(&str, &str)] = &[
    (api::FollowCentre::NAME, "text/event-stream"),
    (api::GetActivityFile::NAME, "text/calendar"),
    (api::GetCalendarFile::NAME, "text/calendar"),
    (api::GetCentreFile::NAME, "application/toml"),
    (api::GetDaySheet::NAME, "text/html"),
    (api::GetDistrictFile::NAME, "text/csv"),
    (api::GetDoorSign::NAME, "text/html"),
    (api::GetFiguresFile::NAME, "text/csv"),
    (api::GetFoundFile::NAME, "text/csv"),
    (api::GetLogFile::NAME, "text/csv"),
    (api::GetPicture::NAME, "image/png"),
    (api::GetCasePicture::NAME, "image/jpeg"),
    (api::GetPoster::NAME, "text/html"),
    (api::GetReport::NAME, "text/html"),
    (api::GetSeriesFile::NAME, "text/calendar"),
    (api::GetSessionFile::NAME, "text/calendar"),
    (api::GetSignInSheet::NAME, "text/html"),
    (api::GetSlip::NAME, "text/html"),
    (api::ReadFeed::NAME, "text/calendar"),
];

/// The description as JSON.
pub(super) async fn document() -> Response {
    static MADE: OnceLock<Bytes> = OnceLock::new();
    let made = MADE.get_or_init(|| describe().to_string().into());
    let headers = [(header::CONTENT_TYPE, "application/json")];
    (StatusCode::OK, headers, made.clone()).into_response()
}

fn describe() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.definitions_path = "/components/schemas".into();
        settings.meta_schema = None;
    });
    let mut generator = settings.into_generator();
    let problem = generator.subschema_for::<Reported>();
    let told = generator.subschema_for::<HookBody>();
    let mut paths: Map<String, Value> = Map::new();
    for spec in ALL {
        let operation = describe_operation(spec, &mut generator);
        let path = paths
            .entry(spec.path)
            .or_insert_with(|| Value::Object(Map::new()));
        path[method(spec.method)] = operation;
    }
    json!({
        "openapi": "3.1.1",
        "info": {
            "title": "Linli",
            "version": env!("CARGO_PKG_VERSION"),
            "description": ABOUT,
            "license": { "name": "Apache-2.0", "identifier": "Apache-2.0" },
        },
        "servers": [{ "url": BASE }],
        "paths": paths,
        "webhooks": {
            "events": {
                "post": {
                    "summary": "What happens in a centre, for the addresses that its managers added",
                    "description": "Signed as Standard Webhooks 1.0 says (`webhook-id`, `webhook-timestamp`, `webhook-signature`), in \
                        order, and sent again until it is answered by a status of 200 to 299.",
                    "requestBody": { "required": true, "content": { "application/json": { "schema": told } } },
                    "responses": { "200": { "description": "Accepted." } },
                },
            },
        },
        "components": {
            "schemas": generator.take_definitions(true),
            "responses": {
                "Problem": {
                    "description": "What stands against it, with a sentence in the language of `Accept-Language`.",
                    "content": { "application/json": { "schema": problem } },
                },
            },
            "securitySchemes": {
                "session": { "type": "apiKey", "in": "cookie", "name": COOKIE },
                "token": {
                    "type": "http",
                    "scheme": "bearer",
                    "description": "A personal access token, made on one’s own page. Its scopes: `read`, `write`; `staff` for \
                        both with its person’s rights as staff.",
                },
            },
        },
    })
}

const ABOUT: &str = "The API of a house that runs on Linli. Requests and replies are JSON. Times in replies are RFC 3339 with the \
    centre’s offset, times in requests are the wall clock of the centre. Every write carries a key of its own in the header \
    `idempotency-key`: sent again with the same key it is done once. Visitors read what is public without signing in. What somebody \
    may do is decided by the rules of their centre, and told as a problem where they may not.";

fn method(method: Method) -> &'static str {
    match method {
        Method::Get => "get",
        Method::Post => "post",
        Method::Put => "put",
        Method::Delete => "delete",
    }
}

/// The names of a path's segments, in order.
fn names(path: &str) -> impl Iterator<Item = &str> {
    path.split('{')
        .skip(1)
        .filter_map(|rest| rest.split('}').next())
}

/// What an operation is about: the first word of its path that names something below a centre, or a person.
fn group(spec: &Spec) -> &'static str {
    let mut words = spec
        .path
        .split('/')
        .filter(|word| !word.is_empty() && !word.starts_with('{'));
    let first = words.next().unwrap_or_default();
    match first {
        "centres" => words.next().unwrap_or(first),
        _ => first,
    }
}

fn describe_operation(spec: &Spec, generator: &mut SchemaGenerator) -> Value {
    let schemas = (spec.schemas)(generator);
    let names: Vec<_> = names(spec.path).collect();
    let parts = schemas.path.get("prefixItems").and_then(Value::as_array);
    let mut parameters: Vec<Value> = Vec::new();
    for (i, name) in names.iter().enumerate() {
        let schema =
            parts.map_or_else(|| schemas.path.clone().to_value(), |parts| parts[i].clone());
        parameters.push(json!({ "name": name, "in": "path", "required": true, "schema": schema }));
    }
    let is_null = |schema: &schemars::Schema| schema.get("type").is_some_and(|kind| kind == "null");
    let scope = spec.scope();
    if spec.method.is_write() && spec.writes() {
        parameters.push(json!({
            "name": KEY_HEADER,
            "in": "header",
            "required": true,
            "schema": { "type": "string", "minLength": 16, "maxLength": 64 },
        }));
    }
    let media = MEDIA.iter().find(|(name, _)| *name == spec.name);
    let content = match media {
        Some((_, media)) => json!({ *media: { "schema": { "type": "string" } } }),
        None => json!({ "application/json": { "schema": schemas.reply } }),
    };
    let about = spec.about.trim().replace(['[', ']', '`'], "");
    let summary = about
        .split_inclusive(['.', ':', ';'])
        .next()
        .unwrap_or(&about);
    let mut security = vec![json!({ "session": [] })];
    if let Some(scope) = scope {
        security.push(json!({ "token": [scope.code()] }));
    }
    let mut operation = json!({
        "operationId": spec.name,
        "tags": [group(spec)],
        "summary": summary.trim_end_matches(['.', ':', ';']),
        "description": about,
        "parameters": parameters,
        "security": security,
        "responses": {
            "200": { "description": "Done.", "content": content },
            "default": { "$ref": "#/components/responses/Problem" },
        },
    });
    if spec.method.is_write() && !is_null(&schemas.body) {
        operation["requestBody"] = json!({ "required": true, "content": { "application/json": { "schema": schemas.body } } });
    }
    operation
}

/// The page of the description: it loads nothing, and runs nothing.
pub(super) async fn page(headers: HeaderMap) -> Response {
    static MADE: OnceLock<[String; 2]> = OnceLock::new();
    let lang = language(&headers);
    let made = MADE.get_or_init(|| {
        let described = describe();
        Lang::ALL.map(|(lang, _)| draw(lang, &described))
    });
    let which = Lang::ALL.iter().position(|(one, _)| *one == lang);
    let mut response = Document {
        lang,
        title: escape(lang.api_title()),
        style: STYLE,
        script: None,
        body: made[which.unwrap_or_default()].clone(),
    }
    .send();
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

const STYLE: &str = include_str!("openapi.css");

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value
        .pointer(pointer)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

fn draw(lang: Lang, described: &Value) -> String {
    let mut groups: Vec<(&str, String)> = Vec::new();
    for spec in ALL {
        let path = described["paths"].get(spec.path);
        let Some(operation) = path.and_then(|path| path.get(method(spec.method))) else {
            continue;
        };
        let drawn = draw_operation(lang, spec, operation);
        let tag = group(spec);
        match groups.iter_mut().find(|(name, _)| *name == tag) {
            Some((_, html)) => html.push_str(&drawn),
            None => groups.push((tag, drawn)),
        }
    }
    let mut html = format!(
        "<main lang=\"en\"><h1 lang=\"{}\">{}</h1><p>{}</p><p><a href=\"/api/openapi.json\">openapi.json</a></p><nav><ul>",
        lang.tag(),
        escape(lang.api_title()),
        escape(&ABOUT.replace('`', "")),
    );
    for (tag, _) in &groups {
        let _ = write!(html, "<li><a href=\"#{tag}\">{tag}</a></li>");
    }
    html.push_str("</ul></nav>");
    for (tag, operations) in &groups {
        let _ = write!(
            html,
            "<section id=\"{tag}\"><h2>{tag}</h2>{operations}</section>"
        );
    }
    let _ = write!(
        html,
        "<section><h2 lang=\"{}\">{}</h2>",
        lang.tag(),
        escape(lang.api_schemas())
    );
    let schemas = described
        .pointer("/components/schemas")
        .and_then(Value::as_object);
    for (name, schema) in schemas.into_iter().flatten() {
        let _ = write!(
            html,
            "<details id=\"schema-{name}\"><summary><code>{name}</code></summary>{}</details>",
            draw_schema(schema)
        );
    }
    html.push_str("</section></main>");
    html
}

fn draw_operation(lang: Lang, spec: &Spec, operation: &Value) -> String {
    let mut html = format!(
        "<details><summary><b>{method}</b> <code>{path}</code> <span>{summary}</span></summary><p>{about}</p>",
        method = method(spec.method).to_uppercase(),
        path = escape(spec.path),
        summary = escape(text(operation, "/summary")),
        about = escape(text(operation, "/description")),
    );
    let scope = match spec.scope() {
        Some(scope) => lang.api_token(scope.code()),
        None => lang.problem_no_token().to_owned(),
    };
    let _ = write!(html, "<p lang=\"{}\">{}</p>", lang.tag(), escape(&scope));
    let mut part = |title: &str, schema: Option<&Value>| {
        if let Some(schema) = schema {
            let _ = write!(
                html,
                "<h3 lang=\"{}\">{}</h3>{}",
                lang.tag(),
                escape(title),
                draw_schema(schema)
            );
        }
    };
    part(
        lang.api_sent(),
        operation.pointer("/requestBody/content/application~1json/schema"),
    );
    let reply = operation
        .pointer("/responses/200/content")
        .and_then(Value::as_object);
    let reply = reply.and_then(|content| content.iter().next());
    part(
        &match reply {
            Some((media, _)) => format!("{} · {media}", lang.api_reply()),
            None => String::new(),
        },
        reply.map(|(_, content)| &content["schema"]),
    );
    html.push_str("</details>");
    html
}

/// A schema as it stands in the description, with links to those that it names.
fn draw_schema(schema: &Value) -> String {
    let pretty = serde_json::to_string_pretty(schema).unwrap_or_default();
    let mut html = String::from("<pre tabindex=\"0\">");
    for (i, piece) in pretty.split(SCHEMAS).enumerate() {
        if i == 0 {
            html.push_str(&escape(piece));
            continue;
        }
        let end = piece.find('"').unwrap_or(piece.len());
        let (name, rest) = piece.split_at(end);
        let _ = write!(
            html,
            "<a href=\"#schema-{name}\">{name}</a>{}",
            escape(rest)
        );
    }
    html.push_str("</pre>");
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_file_is_described_as_one() {
        let described = describe();
        for spec in ALL.iter().filter(|spec| spec.method == Method::Get) {
            let operation = &described["paths"][spec.path]["get"];
            let content = operation.pointer("/responses/200/content").unwrap();
            let json = content.get("application/json");
            let nothing = json.is_some_and(|json| json["schema"]["type"] == "null");
            assert!(!nothing, "{} reads nothing", spec.name);
        }
    }
}
