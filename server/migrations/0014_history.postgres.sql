update audit set about = coalesce(subject::json ->> 'path', ''),
    words = lower(coalesce(subject::json -> 'what' ->> 'zh', '') || ' ' || coalesce(subject::json -> 'what' ->> 'en', '') || ' '
    || coalesce(substr(subject::json ->> 'start', 1, 10), '') || ' ' || coalesce(subject::json ->> 'reason', ''))
where subject <> '{}';
create index audit_about on audit (centre_id, about, at_ms) where about <> '';
