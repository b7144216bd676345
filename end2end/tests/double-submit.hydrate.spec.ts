// The same form sent twice makes one entry: by a hasty double click, and by a post that is repeated.
import { composer, entry, fill, openComposer } from "../fixtures/occurrences.ts";
import { expect, test, visit } from "../fixtures/test.ts";
import { unique } from "../fixtures/words.ts";

test("a double click makes one entry", async ({ page, signIn }) => {
  const text = unique("twice");
  await signIn(page, "tech1");
  const form = await openComposer(page, 33);
  await fill(form, { text, visibility: "private" });
  await form.locator(".composer-send button.btn-primary[type=submit]").dblclick();
  await expect(entry(page, text)).toHaveCount(1);
  await visit(page, "/tickets/33");
  await expect(entry(page, text)).toHaveCount(1);
});

test("a repeated post of a plain form makes one entry", async ({ page, signIn, baseURL }) => {
  const text = unique("again");
  await signIn(page, "requester1");
  await visit(page, "/requests/2");
  const form = composer(page);
  const action = (await form.getAttribute("action")) ?? "";
  const fields = {
    "form[ticket]": "2",
    "form[from]": "request",
    "form[visibility]": "public",
    "form[format]": "text",
    "form[key]": await form.locator('[name="form[key]"]').inputValue(),
    "form[body]": text,
  };
  const headers = { accept: "text/html", origin: baseURL ?? "", "sec-fetch-site": "same-origin" };
  let location = "";
  for (let turn = 0; turn < 2; turn += 1) {
    const answer = await page.request.post(action, { form: fields, headers, maxRedirects: 0 });
    expect(answer.status()).toBe(302);
    location = answer.headers().location ?? "";
    expect(location).toContain("/requests/2?posted=1#occurrence-");
  }
  await visit(page, location);
  await expect(entry(page, text)).toHaveCount(1);
});
