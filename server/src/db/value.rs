//! Values and rows as both databases know them.

use super::{Fault, FaultKind};

/// A value in a statement or a row.
#[derive(Clone, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Value {
    Null,
    Int(i64),
    Float(f64),
    Bool(bool),
    Text(String),
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
    )*};
}
from_id! { CentreId RoomId PersonId BookingId SessionId ClubId ActivityId ActivitySessionId SignUpId LetterId }

/// One row of an answer.
#[derive(Debug)]
pub struct Row(pub(super) Vec<Value>);

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

impl Column for u16 {
    fn read(value: &Value) -> Option<Self> {
        i64::read(value).and_then(|n| n.try_into().ok())
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
    /// The value in a column, counted from 0.
    ///
    /// # Errors
    /// When the column is not of that kind: the statement and its reader do not agree.
    pub fn get<T: Column>(&self, column: usize) -> Result<T, Fault> {
        self.0.get(column).and_then(T::read).ok_or_else(|| {
            Fault::new(
                FaultKind::Unavailable,
                format!("column {column} is {:?}", self.0.get(column)),
            )
        })
    }
}
