update audit set about = coalesce(subject::json ->> 'path', '');
