//! Sends one-time codes to phones.

use domain::{person::Phone, text::Lang};

/// A way to reach a phone with a short text.
///
/// Implementations hand the text over and return; they do not wait until it was delivered.
pub trait Sender: Send + Sync {
    /// Sends `text` to `phone`.
    ///
    /// # Errors
    /// A cause for the log when the text could not be handed over. It must not hold the text or the number.
    fn send(&self, phone: &Phone, text: &str) -> Result<(), String>;
}

/// The sentence that carries a code.
pub fn code_text(lang: Lang, code: &str, seconds: i64) -> String {
    lang.sms_code(code, &lang.minutes(seconds / 60))
}

/// Runs a command of the house's own for each text: the number is its argument, the text its standard input.
/// Any SMS gateway can be reached by a script of a few lines.
#[derive(Clone, Debug)]
pub struct Command {
    /// The program.
    pub program: String,
}

impl Sender for Command {
    fn send(&self, phone: &Phone, text: &str) -> Result<(), String> {
        use std::{io::Write, process};
        let mut child = process::Command::new(&self.program)
            .arg(phone.as_str())
            .stdin(process::Stdio::piped())
            .stdout(process::Stdio::null())
            .spawn()
            .map_err(|cause| cause.to_string())?;
        if let Some(mut input) = child.stdin.take() {
            input
                .write_all(text.as_bytes())
                .map_err(|cause| cause.to_string())?;
        }
        let status = child.wait().map_err(|cause| cause.to_string())?;
        if status.success() {
            Ok(())
        } else {
            Err(format!("the SMS command ended with {status}"))
        }
    }
}

/// No way to reach phones: the demo shows the code on the screen, elsewhere signing in by code fails with a clear word.
#[derive(Clone, Copy, Debug)]
pub struct Nobody;

impl Sender for Nobody {
    fn send(&self, _: &Phone, _: &str) -> Result<(), String> {
        Err("no SMS command is set (sms_command)".to_owned())
    }
}
