//! Values and rows as both databases know them.

use std::sync::Arc;

use super::fault::{Fault, FaultKind};

/// A value in a statement or a row.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Value {
    Null,
    Int(i64),
    Float(f64),
    Bool(bool),
    Text(String),
    Bytes(Vec<u8>),
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl From<u16> for Value {
    fn from(value: u16) -> Self {
        Self::Int(i64::from(value))
    }
}

impl From<&str> for Value {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<Vec<u8>> for Value {
    fn from(value: Vec<u8>) -> Self {
        Self::Bytes(value)
    }
}

impl From<u32> for Value {
    fn from(value: u32) -> Self {
        Self::Int(i64::from(value))
    }
}

impl From<String> for Value {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

macro_rules! from_id {
    ($($id:ident)*) => {$(
        impl From<&domain::id::$id> for Value {
            fn from(id: &domain::id::$id) -> Self {
                Self::Text(id.to_string())
            }
        }

        impl Column for domain::id::$id {
            fn read(value: &Value) -> Option<Self> {
                match value {
                    Value::Text(id) => Some(Self::new(id.clone())),
                    _ => None,
                }
            }
        }
    )*};
}
from_id! { CentreId RoomId PersonId BookingId SeriesId FeedId HookId PushId TokenId SessionId ClubId ActivityId ActivitySessionId SignUpId LetterId ConsequenceId WaitId CaseId PictureId }

/// One row of an answer: its values, and the names of its columns.
#[derive(Debug)]
pub struct Row {
    pub(super) values: Vec<Value>,
    pub(super) names: Arc<[String]>,
}

/// What can be read from a column.
pub trait Column: Sized {
    /// The value, if it is of this kind.
    fn read(value: &Value) -> Option<Self>;
}

impl Column for i64 {
    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Int(n) => Some(*n),
            _ => None,
        }
    }
}

macro_rules! narrow {
    ($($kind:ident)*) => {$(
        impl Column for $kind {
            fn read(value: &Value) -> Option<Self> {
                i64::read(value).and_then(|n| n.try_into().ok())
            }
        }
    )*};
}
narrow! { u8 u16 u32 }

/// What is stored as the word for it.
macro_rules! coded {
    ($($kind:path),*) => {$(
        impl Column for $kind {
            fn read(value: &Value) -> Option<Self> {
                match value {
                    Value::Text(code) => Self::from_code(code),
                    _ => None,
                }
            }
        }
    )*};
}
coded! {
    domain::activity::Per, domain::activity::attendance::Mark, domain::booking::BookingState,
    domain::booking::waitlist::WaitState, domain::case::CaseState, domain::case::due::Urgency,
    domain::case::kind::CaseKind, domain::case::step::StepName, domain::case::step::WaitsFor,
    domain::centre::room::Purpose, domain::person::behalf::Channel, domain::person::permission::Role,
    domain::sign_up::SignUpState
}

impl Column for domain::time::Date {
    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Text(text) => Self::parse(text),
            _ => None,
        }
    }
}

impl Column for Vec<u8> {
    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Bytes(bytes) => Some(bytes.clone()),
            _ => None,
        }
    }
}

impl Column for bool {
    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Bool(b) => Some(*b),
            Value::Int(n) => Some(*n != 0),
            _ => None,
        }
    }
}

impl Column for String {
    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text.clone()),
            _ => None,
        }
    }
}

impl<T: Column> Column for Option<T> {
    fn read(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(None),
            value => T::read(value).map(Some),
        }
    }
}

impl Row {
    /// The text in the column of that name, where it stands.
    ///
    /// # Errors
    /// As [`Self::get`].
    pub fn text(&self, column: &str) -> Result<&str, Fault> {
        match self.find(column) {
            Some(Value::Text(text)) => Ok(text),
            other => Err(not_read(column, other)),
        }
    }

    fn find(&self, column: &str) -> Option<&Value> {
        let mut columns = self.names.iter().zip(&self.values);
        columns.find_map(|(name, value)| (name == column).then_some(value))
    }

    /// The value in the column of that name.
    ///
    /// # Errors
    /// [`FaultKind::Inconsistent`] when there is none, or it is not of that kind: statement, reader and what is stored do not
    /// agree.
    pub fn get<T: Column>(&self, column: &str) -> Result<T, Fault> {
        let value = self.find(column);
        value
            .and_then(T::read)
            .ok_or_else(|| not_read(column, value))
    }
}

fn not_read(column: &str, value: Option<&Value>) -> Fault {
    let cause = format!("column {column} is {value:?}");
    Fault::new(FaultKind::Inconsistent, cause)
}

/// A pattern of `like … escape '\'` for what contains a text, whose own signs stand for themselves.
pub fn containing(text: &str) -> String {
    let mut pattern = String::from("%");
    for letter in text.chars() {
        if matches!(letter, '\\' | '%' | '_') {
            pattern.push('\\');
        }
        pattern.push(letter);
    }
    pattern.push('%');
    pattern
}
