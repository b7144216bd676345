//! Contents of files: named by their own hash, written completely or not at all, durable before a row names them.

use std::ops::Range;
use std::path::Path as FilePath;
use std::sync::Arc;

use bytes::Bytes;
use domain::error::{AppError, Code};
use futures::stream::BoxStream;
use futures::{Stream, StreamExt, TryStreamExt};
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{GetOptions, GetRange, MultipartUpload, ObjectStore, ObjectStoreExt};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::error::ServiceError;

/// How much of the beginning is kept to tell the type of a content.
const HEAD: usize = 8 * 1024;
/// How much is written at once.
const PART: usize = 1024 * 1024;
/// Folder of contents that are still on their way in.
const INCOMING: &str = "incoming";

/// Uploaded contents. The name of a content is the hash of itself, salted with its entity, so that one
/// tenant cannot find out what another one stored.
#[derive(Clone, Debug)]
pub struct Files {
    store: Arc<dyn ObjectStore>,
}

/// A content that was stored.
#[derive(Clone, Debug)]
pub(crate) struct Stored {
    /// Its name: salted SHA-256, hexadecimal.
    pub(crate) key: String,
    /// Bytes.
    pub(crate) size: i64,
}

/// A content that is in, but not yet under its name.
#[derive(Debug)]
pub(crate) struct Incoming {
    /// Its name to be.
    pub(crate) stored: Stored,
    /// The first bytes.
    pub(crate) head: Vec<u8>,
    temporary: Path,
}

impl Files {
    /// Contents in a folder of this machine, which is made if it is missing; every write is flushed to the disk.
    ///
    /// # Errors
    /// When the folder cannot be made or read.
    pub fn local(folder: impl AsRef<FilePath>) -> Result<Self, object_store::Error> {
        std::fs::create_dir_all(&folder)
            .map_err(|source| object_store::Error::Generic { store: "LocalFileSystem", source: Box::new(source) })?;
        Ok(Self { store: Arc::new(LocalFileSystem::new_with_prefix(folder)?.with_fsync(true)) })
    }

    /// Contents that live as long as the process, for tests.
    #[must_use]
    pub fn memory() -> Self {
        Self { store: Arc::new(InMemory::new()) }
    }

    /// Takes a content in, hashed and counted piece by piece; refused as soon as it is larger than `max` bytes.
    pub(crate) async fn receive(
        &self,
        salt: Uuid,
        temporary: Uuid,
        max: i64,
        content: impl Stream<Item = Result<Bytes, std::io::Error>> + Send + Unpin,
    ) -> Result<Incoming, ServiceError> {
        let temporary = Path::from(format!("{INCOMING}/{temporary}"));
        let mut upload = self.store.put_multipart(&temporary).await.map_err(failure)?;
        match fill(upload.as_mut(), salt, max, content).await {
            Ok((stored, head)) => {
                upload.complete().await.map_err(failure)?;
                Ok(Incoming { stored, head, temporary })
            }
            Err(refused) => {
                if let Err(left) = upload.abort().await {
                    tracing::warn!(cause = %left, "a refused upload could not be removed");
                }
                Err(refused)
            }
        }
    }

    /// Gives a content its name; durable when this returns.
    pub(crate) async fn keep(&self, incoming: &Incoming) -> Result<(), ServiceError> {
        self.store.rename(&incoming.temporary, &path(&incoming.stored.key)).await.map_err(failure)
    }

    /// Forgets a content that was refused after it was in.
    pub(crate) async fn discard(&self, incoming: &Incoming) {
        if let Err(left) = self.store.delete(&incoming.temporary).await {
            tracing::warn!(cause = %left, "a refused upload could not be removed");
        }
    }

    /// Whether a content is there.
    pub(crate) async fn contains(&self, key: &str) -> Result<bool, ServiceError> {
        match self.store.head(&path(key)).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(error) => Err(failure(error)),
        }
    }

    /// Removes a content; one that is gone already counts as removed.
    pub(crate) async fn remove(&self, key: &str) -> Result<(), ServiceError> {
        match self.store.delete(&path(key)).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(failure(error)),
        }
    }

    /// Names of contents in one of 256 drawers that are older than `before` (seconds since 1970), at most `limit`.
    pub(crate) async fn old_in_drawer(
        &self,
        drawer: u8,
        before: i64,
        limit: usize,
    ) -> Result<Vec<String>, ServiceError> {
        let folder = Path::from(format!("{drawer:02x}"));
        let mut names: Vec<String> = Vec::new();
        for location in self.old(&folder, before, limit).await? {
            names.extend(location.filename().map(str::to_owned));
        }
        Ok(names)
    }

    /// Removes what was left on its way in by an interrupted upload before `before`.
    pub(crate) async fn sweep_incoming(&self, before: i64, limit: usize) -> Result<(), ServiceError> {
        for location in self.old(&Path::from(INCOMING), before, limit).await? {
            match self.store.delete(&location).await {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => return Err(failure(error)),
            }
        }
        Ok(())
    }

    async fn old(&self, folder: &Path, before: i64, limit: usize) -> Result<Vec<Path>, ServiceError> {
        let mut out = Vec::new();
        let mut list = self.store.list(Some(folder));
        while let Some(object) = list.try_next().await.map_err(failure)? {
            if object.last_modified.timestamp() < before {
                out.push(object.location);
            }
            if out.len() >= limit {
                break;
            }
        }
        Ok(out)
    }

    /// The whole content, for what needs it at once; callers look at its size first. `None` when it is gone.
    pub(crate) async fn read(&self, key: &str) -> Result<Option<Bytes>, ServiceError> {
        match self.store.get(&path(key)).await {
            Ok(found) => Ok(Some(found.bytes().await.map_err(failure)?)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(failure(error)),
        }
    }

    /// The content, or `range` of it.
    pub(crate) async fn stream(
        &self,
        key: &str,
        range: Option<Range<u64>>,
    ) -> Result<BoxStream<'static, Result<Bytes, std::io::Error>>, ServiceError> {
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        let found = self.store.get_opts(&path(key), options).await.map_err(failure)?;
        Ok(found.into_stream().map_err(std::io::Error::other).boxed())
    }
}

async fn fill(
    upload: &mut dyn MultipartUpload,
    salt: Uuid,
    max: i64,
    mut content: impl Stream<Item = Result<Bytes, std::io::Error>> + Send + Unpin,
) -> Result<(Stored, Vec<u8>), ServiceError> {
    let mut hasher = Sha256::new();
    hasher.update(salt.as_bytes());
    let mut head: Vec<u8> = Vec::new();
    let mut size: i64 = 0;
    let mut part: Vec<u8> = Vec::new();
    while let Some(chunk) = content.next().await {
        let chunk = chunk.map_err(|broken| {
            tracing::debug!(cause = %broken, "an upload broke off");
            AppError::field("file", Code::Invalid)
        })?;
        size = size.saturating_add(i64::try_from(chunk.len()).unwrap_or(i64::MAX));
        if size > max {
            return Err(AppError::field("file", Code::TooLarge).into());
        }
        hasher.update(&chunk);
        head.extend(chunk.iter().take(HEAD.saturating_sub(head.len())));
        part.extend_from_slice(&chunk);
        if part.len() >= PART {
            upload.put_part(std::mem::take(&mut part).into()).await.map_err(failure)?;
        }
    }
    if size == 0 {
        return Err(AppError::field("file", Code::FileEmpty).into());
    }
    if !part.is_empty() {
        upload.put_part(part.into()).await.map_err(failure)?;
    }
    let key = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((Stored { key, size }, head))
}

/// 256 drawers keep folders small.
fn path(key: &str) -> Path {
    let drawer: String = key.chars().take(2).collect();
    Path::from(format!("{drawer}/{key}"))
}

fn failure(error: object_store::Error) -> ServiceError {
    if is_full(&error) {
        tracing::error!(cause = %error, "no room to write");
        return AppError::StorageFull.into();
    }
    ServiceError::internal(error)
}

fn is_full(error: &object_store::Error) -> bool {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(at) = cause {
        if let Some(io) = at.downcast_ref::<std::io::Error>() {
            return matches!(io.kind(), std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded);
        }
        cause = at.source();
    }
    false
}

#[cfg(test)]
mod tests {
    use futures::stream;

    use super::*;

    fn content(parts: &[&'static [u8]]) -> impl Stream<Item = Result<Bytes, std::io::Error>> + Send + Unpin + use<> {
        stream::iter(parts.iter().map(|part| Ok(Bytes::from_static(part))).collect::<Vec<_>>())
    }

    async fn read(files: &Files, key: &str, range: Option<Range<u64>>) -> Vec<u8> {
        let chunks: Vec<Bytes> = files.stream(key, range).await.unwrap().try_collect().await.unwrap();
        chunks.concat()
    }

    #[tokio::test]
    async fn t_doc_01_a_content_is_stored_under_its_salted_hash() {
        let files = Files::memory();
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let first = files.receive(one, Uuid::from_u128(9), 100, content(&[b"he", b"llo"])).await.unwrap();
        files.keep(&first).await.unwrap();
        assert_eq!(first.stored.size, 5);
        assert_eq!(first.head, b"hello");
        assert_eq!(read(&files, &first.stored.key, None).await, b"hello");
        assert_eq!(read(&files, &first.stored.key, Some(1..3)).await, b"el");
        let again = files.receive(one, Uuid::from_u128(10), 100, content(&[b"hello"])).await.unwrap();
        assert_eq!(again.stored.key, first.stored.key);
        let other = files.receive(two, Uuid::from_u128(11), 100, content(&[b"hello"])).await.unwrap();
        assert_ne!(other.stored.key, first.stored.key);
        files.discard(&other).await;
        files.remove(&first.stored.key).await.unwrap();
        files.remove(&first.stored.key).await.unwrap();
        assert!(!files.contains(&first.stored.key).await.unwrap());
    }

    #[tokio::test]
    async fn t_doc_01_empty_large_and_broken_contents_are_refused() {
        let files = Files::memory();
        let id = Uuid::from_u128(1);
        let refusal = |result: Result<Incoming, ServiceError>| result.unwrap_err().public;
        assert_eq!(refusal(files.receive(id, id, 9, content(&[])).await), AppError::field("file", Code::FileEmpty));
        assert_eq!(
            refusal(files.receive(id, id, 4, content(&[b"he", b"llo"])).await),
            AppError::field("file", Code::TooLarge)
        );
        let broken = stream::iter(vec![Ok(Bytes::from_static(b"x")), Err(std::io::Error::other("gone"))]);
        assert_eq!(refusal(files.receive(id, id, 9, broken).await), AppError::field("file", Code::Invalid));
    }
}
