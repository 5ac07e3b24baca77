//! Tables as files for spreadsheets (CSV, RFC 4180).

/// As a file that spreadsheets open as it is meant: with a mark that says UTF-8, and no cell that they would run.
pub(super) fn write(rows: &[Vec<String>]) -> Option<Vec<u8>> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer("\u{feff}".as_bytes().to_vec());
    for row in rows {
        writer
            .write_record(row.iter().map(|cell| harmless(cell)))
            .ok()?;
    }
    writer.into_inner().ok()
}

/// A name that begins like a formula is no formula (OWASP, CSV injection).
fn harmless(cell: &str) -> String {
    match cell.starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r']) {
        true => format!("'{cell}"),
        false => cell.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_quoted_and_runs_nothing() {
        let rows = vec![vec!["=1+1".to_owned(), "a \"b\", c".to_owned()]];
        let text = String::from_utf8(write(&rows).unwrap()).unwrap();
        assert_eq!(text, "\u{feff}'=1+1,\"a \"\"b\"\", c\"\r\n");
        assert_eq!(
            harmless("＝SUM(1)"),
            "'＝SUM(1)",
            "spreadsheets read full width as well"
        );
    }
}
