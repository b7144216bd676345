//! A form with files as a page without scripts posts it: parts in any order, files stored as they arrive.

use axum::extract::Multipart;
use axum::extract::multipart::Field;
use domain::error::{AppError, Code, FieldErrors};
use domain::occurrence::ATTACHMENTS_MAX;
use service::{Ctx, documents, drafts};
use uuid::Uuid;

use crate::api;
use crate::handlers::draft_form::{Kind, Typed};
use crate::router::BODY_MAX;

/// Name of the parts that are files.
const FILES: &str = "form[attachments][]";
/// Name of the button that takes a file out; its value is the file.
const REMOVE: &str = "remove";
/// The field that refused files are told at.
const FILES_FIELD: &str = "attachments";
/// Most bytes read only to be thrown away, so that the text behind a refused file arrives too.
const SKIPPED_MAX: usize = 256 * 1024 * 1024;

/// The connection broke, or there is more than anybody would read.
#[derive(Debug)]
struct Broken;

/// What came.
#[derive(Debug)]
pub(super) struct Posted {
    kind: Kind,
    /// Text, and the files of before.
    pub(super) typed: Typed,
    /// Files that are stored now.
    stored: Vec<Uuid>,
    removed: Option<String>,
    /// Why files were refused.
    wrong: Vec<Code>,
    /// Why no more files can be stored at all.
    failure: Option<AppError>,
    is_broken: bool,
    is_too_long: bool,
    text_left: usize,
    skip_left: usize,
}

impl Posted {
    /// Reads a form to its end. Files of nobody are not stored.
    pub(super) async fn read(ctx: Option<&Ctx>, kind: Kind, mut form: Multipart) -> Self {
        let mut posted = Self {
            kind,
            typed: Typed::new(kind),
            stored: Vec::new(),
            removed: None,
            wrong: Vec::new(),
            failure: None,
            is_broken: false,
            is_too_long: false,
            text_left: BODY_MAX,
            skip_left: SKIPPED_MAX,
        };
        loop {
            let done = match form.next_field().await {
                Ok(Some(mut part)) => posted.take(ctx, &mut part).await.map(|()| false),
                Ok(None) => Ok(true),
                Err(_unreadable) => Err(Broken),
            };
            match done {
                Ok(false) => {}
                Ok(true) => return posted,
                Err(Broken) => {
                    posted.is_broken = true;
                    return posted;
                }
            }
        }
    }

    async fn take(&mut self, ctx: Option<&Ctx>, part: &mut Field<'_>) -> Result<(), Broken> {
        let name = part.name().unwrap_or_default().to_owned();
        match part.file_name().map(str::to_owned) {
            // A field in which nothing was chosen has an empty name.
            Some(file) if name == FILES && !file.is_empty() => self.take_file(ctx, &file, part).await,
            Some(_) => {}
            None if name == REMOVE => self.removed = self.text(part).await?,
            None if self.typed.knows(&name) => {
                if let Some(text) = self.text(part).await? {
                    self.typed.take(&name, text);
                }
            }
            None => {}
        }
        self.skip(part).await
    }

    /// The text of a part, unless the form has too much of it.
    async fn text(&mut self, part: &mut Field<'_>) -> Result<Option<String>, Broken> {
        let mut bytes = Vec::new();
        while let Some(chunk) = part.chunk().await.map_err(|_unreadable| Broken)? {
            let Some(left) = self.text_left.checked_sub(chunk.len()) else {
                self.is_too_long = true;
                return Ok(None);
            };
            self.text_left = left;
            bytes.extend_from_slice(&chunk);
        }
        Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
    }

    async fn take_file(&mut self, ctx: Option<&Ctx>, name: &str, part: &mut Field<'_>) {
        self.typed.has_other_files = true;
        let Some(ctx) = ctx.filter(|_| self.failure.is_none()) else { return };
        if self.stored.len() >= ATTACHMENTS_MAX {
            self.refuse(Code::TooMany);
            return;
        }
        match api::documents::receive_part(ctx, name, part).await {
            Ok(view) => self.stored.push(view.id),
            Err(AppError::Invalid(FieldErrors(wrong))) => wrong.iter().for_each(|wrong| self.refuse(wrong.code)),
            Err(error) => self.failure = Some(error),
        }
    }

    fn refuse(&mut self, code: Code) {
        if !self.wrong.contains(&code) {
            self.wrong.push(code);
        }
    }

    /// Reads what is left of a part: browsers send all of a form before they look at the answer.
    async fn skip(&mut self, part: &mut Field<'_>) -> Result<(), Broken> {
        while let Some(chunk) = part.chunk().await.map_err(|_unreadable| Broken)? {
            self.skip_left = self.skip_left.checked_sub(chunk.len()).ok_or(Broken)?;
        }
        Ok(())
    }

    /// Keeps text and files as the draft about `object`; the error is what the form has to tell.
    pub(super) async fn keep(mut self, ctx: &Ctx, object: String) -> Result<(), AppError> {
        let main = self.kind.main_field();
        if self.is_too_long {
            return Err(AppError::field(main, Code::TooLong));
        }
        let is_idle = !self.typed.has_other_files && self.removed.is_none();
        let removed = self.removed.take().and_then(|id| id.parse::<Uuid>().ok());
        self.typed.files.retain(|id| Some(*id) != removed);
        for id in std::mem::take(&mut self.stored) {
            if self.typed.files.len() < ATTACHMENTS_MAX {
                self.typed.files.push(id);
            } else {
                self.refuse(Code::TooMany);
                // It expires by itself if this fails.
                let _expires = documents::remove_upload(ctx, id).await;
            }
        }
        // Half a form must not take the place of a whole draft.
        if !self.is_broken || self.typed.is_begun() {
            drafts::save(ctx, self.typed.draft(object)).await.map_err(|error| at_text(error.into(), main))?;
        }
        if let Some(failure) = self.failure {
            return Err(failure);
        }
        if self.wrong.is_empty() && self.is_broken {
            self.wrong.push(Code::Invalid);
        } else if is_idle {
            self.wrong.push(Code::Required);
        }
        let mut errors = FieldErrors::new();
        for code in self.wrong {
            errors.add(FILES_FIELD, code);
        }
        errors.or(Some(()))
    }
}

/// A draft that is too large is so by its long text.
fn at_text(error: AppError, main: &str) -> AppError {
    match error {
        AppError::Invalid(wrong) if wrong.of("fields") == Some(Code::TooLong) => AppError::field(main, Code::TooLong),
        other => other,
    }
}
