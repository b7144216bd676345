// Files of a form: they come in without scripts too, and one that may not come in costs no text.
import { attach, chooseFile, composer, entry, fill, openComposer, send, write, written } from "../fixtures/occurrences.ts";
import { expect, test, visit } from "../fixtures/test.ts";
import { unique, word } from "../fixtures/words.ts";

test.beforeEach(async ({ page, signIn }) => signIn(page, "tech1"));

test("a new ticket takes a picture along", async ({ page }) => {
  const text = unique("ticket");
  await visit(page, "/tickets/new");
  const form = page.locator('form[action$="/create_ticket"]');
  await form.locator('[name="form[title]"]').fill(text);
  await write(form, `Since today ${text}`, "form[description]");
  await attach(form, "graph.png");
  await expect(form.locator('[name="form[title]"]')).toHaveValue(text);
  await form.locator("button.btn-primary[type=submit]").click();
  await expect(page).toHaveURL(/\/tickets\/\d+$/);
  await expect(page.locator("#description")).toContainText(`Since today ${text}`);
  await expect(page.locator('#description img[alt="graph.png"]')).toBeVisible();
});

// With scripts each file has a row that tells it.
test("a file that may not come in is told at the files, and the text stays", { tag: "@plain" }, async ({ page }) => {
  const text = unique("program");
  const form = await openComposer(page, 33);
  await fill(form, { text, visibility: "private", minutes: "15" });
  await chooseFile(form, { name: "setup.exe", mimeType: "application/octet-stream", buffer: Buffer.from("MZ") });
  await expect(page.locator("#form-attachments-error")).toContainText(word("en", "errors.type_not_allowed"));
  expect(await written(form)).toContain(text);
  await expect(form.locator('[name="form[minutes]"]')).toHaveValue("15");
  await expect(form.locator('[name="form[visibility]"][value="private"]')).toBeChecked();
  await expect(form.locator("desk-files li.file-row")).toHaveCount(0);
  await send(form);
  await expect(entry(page, text)).toHaveCount(1);
});

// With scripts a chosen file is uploaded at once and its row takes it out.
test("a file that was chosen but not uploaded is asked for, and one can be taken out again", { tag: "@plain" }, async ({ page }) => {
  const text = unique("chosen");
  const form = await openComposer(page, 40);
  await fill(form, { text, visibility: "private" });
  await form.locator("desk-files input[type=file]").setInputFiles({ name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("words") });
  await send(form);
  await expect(page.locator("#form-attachments-error")).toContainText(word("en", "errors.file_not_uploaded"));
  expect(await written(composer(page))).toContain(text);
  await attach(composer(page), "graph.png");
  await composer(page).locator("desk-files li.file-row button").click();
  await expect(composer(page).locator("desk-files li.file-row")).toHaveCount(0);
  expect(await written(composer(page))).toContain(text);
  await send(composer(page));
  await expect(entry(page, text)).toHaveCount(1);
  await expect(entry(page, text).locator("img")).toHaveCount(0);
});
