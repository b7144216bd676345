/** English fall-backs of the sentences that the page gives in the attribute `strings`; errors are keyed by their code. */
export const STRINGS = {
  cancel: "Cancel",
  retry: "Try again",
  remove: "Remove",
  uploading: "Uploading {name}",
  uploaded: "{name} is attached",
  removed: "{name} was removed",
  waiting: "The files are still being uploaded. The form is sent when they are there.",
  failed: "{name} was not uploaded. Try again; the rest is kept.",
  network: "{name} was not uploaded: no connection. Try again; the rest is kept.",
  unauthorized: "{name} was not uploaded: you were signed out. Sign in again in another tab, then try again.",
  forbidden: "{name} was not uploaded: you may not add files here.",
  file_empty: "{name} is empty. Choose another file; the rest is kept.",
  too_large: "{name} is {size}, the limit is {limit}. Choose a smaller file; the rest is kept.",
  too_many: "{name} was not added: {limit} files are the limit. Remove one first.",
  type_not_allowed: "{name} is of a kind that is not accepted. Choose another file; the rest is kept.",
};
