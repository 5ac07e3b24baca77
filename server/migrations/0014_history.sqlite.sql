update audit set about = coalesce(json_extract(subject, '$.path'), ''),
    words = lower(coalesce(json_extract(subject, '$.what.zh'), '') || ' ' || coalesce(json_extract(subject, '$.what.en'), '') || ' '
    || coalesce(substr(json_extract(subject, '$.start'), 1, 10), '') || ' ' || coalesce(json_extract(subject, '$.reason'), ''))
where subject <> '{}';
create index audit_about on audit (centre_id, about, at_ms) where about <> '';
