//! (server) The forms whose fields are kept when they are refused, and those that are kept only when they come after the session
//! of their writer has ended. Each of them reads them back (`Refused`); none of them holds a secret but the token of a link,
//! which its own page names.

use leptos::server_fn::ServerFn;
use leptos_router::location::Url;

use crate::account::server_fns::SaveProfile;
use crate::admin::server_fns::{ChangeMember, SaveAssignment, SaveEntity, SaveGroup, SaveRole, SaveUser};
use crate::customers::server_fns::{OpenTicketFrom, SaveCustomer, SetTicketCustomer};
use crate::lists::server_fns::SaveListRow;
use crate::requests::server_fns::RunRequestCommand;
use crate::settings::server_fns::SaveSetting;
use crate::solutions::server_fns::{AnswerByLink, AnswerSolution};
use crate::surveys::server_fns::{AnswerSurvey, AnswerSurveyByLink};
use crate::tasks::server_fns::{MoveTask, PauseTask, RemoveTask, SetTask};
use crate::templates::server_fns::SaveTemplate;
use crate::tickets::server_fns::{BulkTickets, RemoveOccurrence, RunCommand};

/// Whether the fields of the form that is posted to `path` are kept when it is refused.
#[must_use]
pub fn is_kept(path: &str) -> bool {
    [
        SetTask::PATH,
        PauseTask::PATH,
        MoveTask::PATH,
        RemoveTask::PATH,
        RemoveOccurrence::PATH,
        RunCommand::PATH,
        BulkTickets::PATH,
        RunRequestCommand::PATH,
        AnswerSolution::PATH,
        AnswerByLink::PATH,
        AnswerSurvey::PATH,
        AnswerSurveyByLink::PATH,
        OpenTicketFrom::PATH,
        SetTicketCustomer::PATH,
        SaveProfile::PATH,
    ]
    .contains(&path)
}

/// Whether the form that is posted to `path` keeps its fields by itself when it is refused, but not when its writer is signed out:
/// then they are kept as those of the others are.
#[must_use]
pub fn outlives(path: &str) -> bool {
    [
        SaveUser::PATH,
        SaveAssignment::PATH,
        SaveGroup::PATH,
        ChangeMember::PATH,
        SaveRole::PATH,
        SaveEntity::PATH,
        SaveSetting::PATH,
        SaveListRow::PATH,
        SaveTemplate::PATH,
        SaveCustomer::PATH,
    ]
    .contains(&path)
}

/// A parameter of a query. The last one counts: the address of a page that is refused twice has two, the new one at the end.
#[must_use]
pub fn parameter(query: &str, name: &str) -> Option<String> {
    let mut pairs = query.rsplit('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(known, _)| *known == name).map(|(_, value)| Url::unescape(value))
}
