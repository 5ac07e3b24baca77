update audit set about = coalesce(json_extract(subject, '$.path'), '');
