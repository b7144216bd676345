// New entries are offered without a reload, to those who may read them and to nobody else.
import type { Page } from "@playwright/test";
import { note } from "../fixtures/desk.ts";
import { entry, openComposer } from "../fixtures/occurrences.ts";
import { expect, test, visit } from "../fixtures/test.ts";
import { unique } from "../fixtures/words.ts";

/** Resolves when the page hears what happens. */
const listening = (page: Page): Promise<unknown> => page.waitForResponse((answer) => new URL(answer.url()).pathname === "/events");

test("a requester is offered a new public entry and hears nothing of a private one", async ({ as, server }) => {
  const [secret, open] = [unique("secret"), unique("open")];
  const requester = await as("requester1");
  await Promise.all([listening(requester), visit(requester, "/requests/1")]);
  const news = requester.locator(".news button");
  await note(server, "tech1", 1, { text: secret, visibility: "private" });
  // Long enough for an event that must not come.
  await requester.waitForTimeout(2_000);
  await expect(news).toBeHidden();
  await note(server, "tech1", 1, { text: open, visibility: "public" });
  await expect(news).toBeVisible({ timeout: 10_000 });
  await news.click();
  await expect(entry(requester, open)).toBeVisible();
  expect(await requester.content()).not.toContain(secret);
});

// T-TIM-06: the position stays, a button leads to what is new.
test("an agent is offered what a colleague wrote, and keeps what is being typed", async ({ as, server }) => {
  const [theirs, mine] = [unique("theirs"), unique("mine")];
  const reader = await as("supervisor1");
  const [form] = await Promise.all([openComposer(reader, 30), listening(reader)]);
  const editor = form.locator(".desk-editor-surface");
  await expect(editor).toBeVisible({ timeout: 15_000 });
  await editor.fill(mine);
  await note(server, "tech1", 30, { text: theirs, visibility: "private" });
  const news = reader.locator("ol.timeline .news button");
  await expect(news).toBeVisible({ timeout: 10_000 });
  // On a phone the open form is a sheet over the timeline: it is folded first, its text stays.
  if ((reader.viewportSize()?.width ?? 0) < 768) await reader.locator("#dock > summary").click();
  await news.click();
  await expect(entry(reader, theirs)).toHaveCount(1);
  await expect(editor).toContainText(mine);
});
