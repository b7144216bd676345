//! Limits by number (A-AUT-04): uploads a minute, open streams, both per person and instance.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::error::AppError;
use uuid::Uuid;

/// Uploads of a person in one minute.
const UPLOADS_A_MINUTE: u32 = 300;
/// Open event streams of a person.
const STREAMS: u32 = 100;

/// Person → minute of the clock and uploads in it.
static UPLOADS: Mutex<BTreeMap<Uuid, (i64, u32)>> = Mutex::new(BTreeMap::new());
/// Person → open streams.
static OPEN: Mutex<BTreeMap<Uuid, u32>> = Mutex::new(BTreeMap::new());

/// A panic elsewhere leaves the numbers as good as they were.
fn lock<T>(mutex: &'static Mutex<T>) -> MutexGuard<'static, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Counts an upload of a person at `now` (seconds since 1970).
///
/// # Errors
/// `TooMany` with the seconds until the next minute.
pub fn upload(person: Uuid, now: i64) -> Result<(), AppError> {
    let minute = now.div_euclid(60);
    let mut uploads = lock(&UPLOADS);
    uploads.retain(|_, (counted, _)| *counted == minute);
    let (_, number) = uploads.entry(person).or_insert((minute, 0));
    if *number >= UPLOADS_A_MINUTE {
        let left = 60 - now.rem_euclid(60);
        return Err(AppError::TooMany { retry_s: u32::try_from(left).unwrap_or(60) });
    }
    *number += 1;
    Ok(())
}

/// A place among the open streams of a person; given back when it is dropped.
#[derive(Debug)]
pub struct Place(Uuid);

impl Place {
    /// Takes a place.
    ///
    /// # Errors
    /// `TooMany` above 100.
    pub fn take(person: Uuid) -> Result<Self, AppError> {
        let mut open = lock(&OPEN);
        let number = open.entry(person).or_insert(0);
        if *number >= STREAMS {
            return Err(AppError::TooMany { retry_s: 5 });
        }
        *number += 1;
        Ok(Self(person))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut open = lock(&OPEN);
        let left = open.get(&self.0).map_or(0, |number| number.saturating_sub(1));
        if left == 0 {
            open.remove(&self.0);
        } else {
            open.insert(self.0, left);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_aut_04_a_person_has_300_uploads_a_minute() {
        let person = Uuid::from_u128(7);
        for _upload in 0..300 {
            assert_eq!(upload(person, 600), Ok(()));
        }
        assert_eq!(upload(person, 615), Err(AppError::TooMany { retry_s: 45 }));
        assert_eq!(upload(person, 660), Ok(()));
    }

    #[test]
    fn a_aut_04_a_place_is_given_back() {
        let person = Uuid::from_u128(8);
        let places: Vec<Place> = (0..100).filter_map(|_| Place::take(person).ok()).collect();
        assert_eq!(places.len(), 100);
        assert!(Place::take(person).is_err());
        drop(places);
        assert!(Place::take(person).is_ok());
    }
}
