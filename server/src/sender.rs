//! Sends one-time codes to phones.

use domain::{api::CodePurpose, language::Lang, person::Phone};

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

/// The countries to which texts go, by their calling codes (ITU-T E.164): texts cost money, and some numbers abroad are there to
/// earn it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Countries(Vec<String>);

impl Countries {
    /// Reads calling codes with commas between them, as `86,853`.
    ///
    /// # Errors
    /// When one is not a calling code: one to three digits, the first not zero.
    pub fn parse(text: &str) -> Result<Self, String> {
        let codes = text.split(',').map(|code| {
            let code = code.trim().trim_start_matches('+');
            let sound = (1..=3).contains(&code.len())
                && !code.starts_with('0')
                && code.bytes().all(|byte| byte.is_ascii_digit());
            match sound {
                true => Ok(code.to_owned()),
                false => Err(format!(
                    "“{code}” is not a country calling code, as 86 or 853"
                )),
            }
        });
        codes.collect::<Result<_, _>>().map(Self)
    }

    /// Whether texts go to this number.
    pub fn reach(&self, phone: &Phone) -> bool {
        self.0.iter().any(|country| phone.is_of(country))
    }
}

impl Default for Countries {
    /// Mainland China alone.
    fn default() -> Self {
        Self(vec!["86".to_owned()])
    }
}

/// The sentence that carries a code.
pub fn code_text(lang: Lang, purpose: CodePurpose, code: &str, seconds: i64) -> String {
    let within = lang.minutes(seconds / 60);
    match purpose {
        CodePurpose::SignIn => lang.sms_code(code, &within),
        CodePurpose::Record => lang.sms_record_code(code, &within),
    }
}

/// How long a command may take.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(10);

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

        use wait_timeout::ChildExt;

        let mut child = process::Command::new(&self.program)
            .arg(phone.as_str())
            .stdin(process::Stdio::piped())
            .stdout(process::Stdio::null())
            .spawn()
            .map_err(|cause| cause.to_string())?;
        if let Some(mut input) = child.stdin.take() {
            // A program that does not want to read it all says so by how it ends.
            let _ = input.write_all(text.as_bytes());
        }
        let ended = child.wait_timeout(PATIENCE);
        match ended.map_err(|cause| cause.to_string())? {
            Some(status) if status.success() => Ok(()),
            Some(status) => Err(format!("the SMS command ended with {status}")),
            None => {
                // Killed and waited for, so that nothing of it is left.
                let _ = child.kill();
                let _ = child.wait();
                Err("the SMS command took too long".to_owned())
            }
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
