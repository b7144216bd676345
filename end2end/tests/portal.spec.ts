// "My requests": the requester's list and detail, on desktop and phone, with and without scripts.
import { note } from "../fixtures/desk.ts";
import { attach, composer, entry, write } from "../fixtures/occurrences.ts";
import { expect, hasScripts, seesNothing, test, visit } from "../fixtures/test.ts";
import { unique, word } from "../fixtures/words.ts";

test.beforeEach(async ({ page, signIn }) => signIn(page, "requester1"));

test("the list shows the own open requests and leads to one", async ({ page }) => {
  await visit(page, "/requests");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(word("en", "requests.my_requests"));
  await expect(page.locator('a.request-title[href="/requests/1"]')).toHaveText("VPN drops every ten minutes");
  // Closed ones and those of others are not in it.
  await expect(page.locator('a.request-title[href="/requests/4"]')).toHaveCount(0);
  await expect(page.locator('a.request-title[href="/requests/28"]')).toHaveCount(0);
  await page.locator('a.request-title[href="/requests/1"]').click();
  await expect(page).toHaveURL(/\/requests\/1$/);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("VPN drops every ten minutes");
});

test("filters are in the address", { tag: "@pair" }, async ({ page }) => {
  await visit(page, "/requests");
  await page.getByRole("link", { name: word("en", "requests.show_over"), exact: true }).click();
  await expect(page).toHaveURL(/[?&]status=over/);
  await expect(page.locator('a.request-title[href="/requests/4"]')).toBeVisible();
  await expect(page.locator('a.request-title[href="/requests/1"]')).toHaveCount(0);
  await visit(page, "/requests?status=all");
  const box = page.locator('form.filter-bar input[name="text"]');
  await box.fill("VPN");
  await box.press("Enter");
  await expect(page).toHaveURL(/text=VPN/);
  await expect(page.locator("a.request-title")).toHaveText(["VPN drops every ten minutes"]);
  await visit(page, "/requests?text=zzzznothing");
  await expect(page.getByRole("heading", { name: word("en", "requests.no_match") })).toBeVisible();
});

test("the detail tells what happens next and shows no private entry", async ({ page }) => {
  await visit(page, "/requests/1");
  await expect(page.locator('ol.steps [aria-current="step"]')).toHaveText(word("en", "common.status_in_progress"));
  await expect(page.locator(".steps-say")).toContainText("Tom Silva");
  await expect(entry(page, "Good morning Ana")).toBeVisible();
  const source = await page.content();
  for (const secret of ["Gateway 2 renegotiates", "Supplier case", "45 min"]) expect(source).not.toContain(secret);
});

test("a request that cannot be cancelled says so instead of asking", { tag: "@pair" }, async ({ page }) => {
  await visit(page, "/requests/1?ask=cancel");
  await expect(page.getByRole("status").filter({ hasText: word("en", "requests.cannot_cancel") })).toBeVisible();
  await expect(page.locator('form[action$="/run_request_command"]')).toHaveCount(0);
});

test("a note is added and read by the team", async ({ page, as }) => {
  const text = unique("note");
  await visit(page, "/requests/1");
  const form = composer(page);
  await write(form, text);
  await form.locator(".form-foot button[type=submit]").click();
  await expect(page).toHaveURL(/posted=1/);
  await expect(entry(page, text)).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: word("en", "requests.done_note") })).toBeVisible();
  const agent = await as("tech1");
  await visit(agent, "/tickets/1");
  await expect(entry(agent, text)).toContainText("Ana Souza");
});

test("a note takes a picture along", async ({ page }) => {
  const text = unique("picture");
  await visit(page, "/requests/1");
  await write(composer(page), text);
  await attach(composer(page), "graph.png");
  await composer(page).locator(".form-foot button[type=submit]").click();
  await expect(page).toHaveURL(/posted=1/);
  await expect(entry(page, text).locator('img[alt="graph.png"]')).toBeVisible();
});

test("the bar counts what is new until its request is opened", { tag: "@pair" }, async ({ page, server }) => {
  const sign = page.locator(".portal-nav .count");
  const count = async (): Promise<number> =>
    (await sign.count()) === 0 ? 0 : Number(await sign.locator("[aria-hidden]").innerText());
  await visit(page, "/requests/1");
  await visit(page, "/requests");
  const before = await count();
  await note(server, "tech1", 1, { text: unique("news"), visibility: "public" });
  await visit(page, "/requests");
  expect(await count()).toBe(before + 1);
  await expect(sign).toContainText(word("en", "requests.unread", { n: before + 1 }));
  await visit(page, "/requests/1");
  expect(await count()).toBe(before);
  await visit(page, "/profile");
  expect(await count()).toBe(before);
});

test("p_det_07 without scripts a link shows what others wrote meanwhile", { tag: ["@plain", "@pair"] }, async ({ page, server }) => {
  const text = unique("meanwhile");
  await visit(page, "/requests/1?limit=200");
  await note(server, "tech1", 1, { text, visibility: "public" });
  await expect(page.locator("main")).not.toContainText(text);
  await page.getByRole("link", { name: word("en", "requests.reload"), exact: true }).click();
  await expect(page.locator("main")).toContainText(text);
});

test("an empty note is refused and told", { tag: "@pair" }, async ({ page, guard }) => {
  guard.allowStatus(422);
  await visit(page, "/requests/1");
  await composer(page).locator(".form-foot button[type=submit]").click();
  await expect(composer(page).getByRole("alert")).toContainText(word("en", "errors.required"));
});

test("the history lists what was shown", { tag: "@pair" }, async ({ page }) => {
  await visit(page, "/requests/1");
  await page.locator('a[href="/requests/1/history"]').click();
  await expect(page).toHaveURL(hasScripts() ? /\/requests\/1\?panel=history$/ : /\/requests\/1\/history$/);
  await expect(page.locator("ol.history").first()).toBeVisible();
  await expect(page.locator("main")).not.toContainText("Gateway 2 renegotiates");
});

test("further entries are added to the page, or are a page of their own without scripts", async ({ page }) => {
  await visit(page, "/requests/1?limit=1");
  const link = page.locator("a[data-append]");
  if (hasScripts()) await page.evaluate(() => document.documentElement.setAttribute("data-same-document", ""));
  await link.click();
  if (hasScripts()) {
    await expect(page).toHaveURL(/\/requests\/1\?limit=2$/);
    await expect(page.locator("html")).toHaveAttribute("data-same-document", "");
    await expect(page.locator("#description")).toBeVisible();
  } else {
    await expect(page).toHaveURL(/cursor=/);
  }
});

test("p_gen_07 no page of requesters loads WASM", { tag: "@scripts" }, async ({ page }) => {
  const loaded: string[] = [];
  page.on("request", (request) => void loaded.push(new URL(request.url()).pathname));
  for (const path of ["/requests", "/requests/1", "/requests/new", "/profile"]) await visit(page, path);
  await page.waitForLoadState("networkidle");
  expect(loaded.filter((path) => path.endsWith(".js"))).not.toEqual([]);
  expect(loaded.filter((path) => path.endsWith(".wasm") || path.includes("/words/"))).toEqual([]);
});

test("p_dev_01 on a phone nothing is too small, too wide or out of reach", { tag: "@phone" }, async ({ page }) => {
  for (const width of [390, 320]) {
    await page.setViewportSize({ width, height: 844 });
    for (const path of ["/requests", "/requests/1", "/requests/new"]) {
      await visit(page, path);
      const at = `${path} at ${width} px`;
      expect(await page.evaluate(() => document.documentElement.scrollWidth), at).toBeLessThanOrEqual(width);
      const sizes = await page
        .locator('main :is(input[type="text"], input[type="search"], input:not([type]), textarea, select):visible')
        .evaluateAll((fields) => fields.map((field) => Number.parseFloat(getComputedStyle(field).fontSize)));
      expect(Math.min(16, ...sizes), `text of the fields of ${at}`).toBe(16);
      const button = page.locator(path === "/requests/new" ? ".new-request > .form-foot .btn-primary" : ".thumb-bar .btn-primary");
      const box = await button.boundingBox();
      expect(box?.height ?? 0, `the main button of ${at}`).toBeGreaterThanOrEqual(44);
      expect(box?.y ?? 0, `the main button of ${at}`).toBeGreaterThanOrEqual(844 * 0.6);
    }
  }
});

test("p_dev_03 a printed request has no trace of what is not for its requester", { tag: "@desktop" }, async ({ page }) => {
  await visit(page, "/requests/1");
  await page.emulateMedia({ media: "print" });
  const paper = await page.locator("main").innerText();
  expect(paper).toContain("Good morning Ana");
  for (const secret of ["Gateway 2 renegotiates", "Supplier case", "45 min"]) expect(paper).not.toContain(secret);
  await expect(page.locator(".portal-bar")).toBeHidden();
});

test("requests of others look like none", { tag: "@pair" }, async ({ page, guard }) => {
  for (const path of ["/requests/28", "/requests/28/history", "/requests/999999", "/requests/not-a-number"]) {
    await seesNothing(page, guard, path);
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(word("en", "requests.not_found"));
  }
});
