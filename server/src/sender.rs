//! Sends one-time codes to phones.

use std::time::Duration;

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
const PATIENCE: Duration = Duration::from_secs(10);

/// Runs a command of the house's own for each text: the number is its argument, the text its standard input.
/// Any SMS gateway can be reached by a script of a few lines.
#[derive(Clone, Debug)]
pub struct Command {
    /// The program.
    pub program: String,
}

impl Sender for Command {
    fn send(&self, phone: &Phone, text: &str) -> Result<(), String> {
        self.send_within(PATIENCE, phone, text)
    }
}

impl Command {
    fn send_within(&self, patience: Duration, phone: &Phone, text: &str) -> Result<(), String> {
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
        let ended = child.wait_timeout(patience);
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

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt, path::PathBuf, sync::Mutex};

    use super::*;

    /// A script that another thread holds open for writing while it starts one of its own cannot be run: one at a time.
    static ALONE: Mutex<()> = Mutex::new(());

    /// A script in a folder of its own.
    fn script(name: &str, lines: &str) -> (Command, PathBuf) {
        let folder =
            std::env::temp_dir().join(format!("linli-sender-{}-{name}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let program = folder.join("send");
        fs::write(
            &program,
            format!("#!/bin/sh\ncd {}\n{lines}\n", folder.display()),
        )
        .unwrap();
        fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).unwrap();
        let program = program.to_str().unwrap().to_owned();
        (Command { program }, folder)
    }

    fn send(command: &Command, patience: Duration, text: &str) -> Result<(), String> {
        let phone = Phone::parse("13800000001").unwrap();
        command.send_within(patience, &phone, text)
    }

    #[test]
    fn a_command_gets_number_and_text() {
        let _alone = ALONE.lock().unwrap();
        let (command, folder) = script("whole", "printf %s \"$1:\" > got; cat >> got");
        send(&command, PATIENCE, "六位数").unwrap();
        assert_eq!(
            fs::read_to_string(folder.join("got")).unwrap(),
            "13800000001:六位数"
        );
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_command_that_hangs_is_ended_and_nothing_of_it_is_left() {
        let _alone = ALONE.lock().unwrap();
        let (command, folder) = script("hangs", "echo $$ > id\nexec sleep 600");
        let told = send(&command, Duration::from_secs(3), "x");
        assert_eq!(told, Err("the SMS command took too long".to_owned()));
        let id = fs::read_to_string(folder.join("id")).unwrap();
        let is_left = std::process::Command::new("kill")
            .args(["-0", id.trim()])
            .output()
            .is_ok_and(|said| said.status.success());
        assert!(!is_left);
        fs::remove_dir_all(folder).unwrap();
    }

    #[test]
    fn a_command_that_reads_nothing_says_by_its_end_whether_it_was_sent() {
        let _alone = ALONE.lock().unwrap();
        let long = "字".repeat(200_000);
        for (name, lines, sent) in [("sent", "exit 0", true), ("failed", "exit 3", false)] {
            let (command, folder) = script(name, lines);
            assert_eq!(send(&command, PATIENCE, &long).is_ok(), sent, "{name}");
            fs::remove_dir_all(folder).unwrap();
        }
    }
}
