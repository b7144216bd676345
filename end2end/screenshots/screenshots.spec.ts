// Every screen: screenshots/<device>-<scheme>/<language>/<screen>.png. All screens in English; those where long words
// do harm also in the other languages.
import type { Page } from "@playwright/test";
import { address } from "../fixtures/server.ts";
import { choose, composer, entry, idOf, openComposer, register, richEditor, write } from "../fixtures/occurrences.ts";
import { expect, hydrated, test } from "../fixtures/test.ts";
import { LANGUAGES, type Lang, word } from "../fixtures/words.ts";

const LONG = 180_000;

async function shoot(page: Page, lang: Lang, screen: string): Promise<void> {
  await page.evaluate(() => document.fonts.ready);
  await page.waitForLoadState("load");
  const path = `screenshots/${test.info().project.name}/${lang}/${screen}.png`;
  // Folders are made as needed; relative to the folder of this project.
  await page.screenshot({ path, animations: "disabled", caret: "hide" });
}

async function take(page: Page, path: string, screen: string, lang: Lang = "en"): Promise<void> {
  await page.goto(path);
  await hydrated(page);
  await shoot(page, lang, screen);
}

/** The page a link leads to. */
async function follow(page: Page, link: string): Promise<string> {
  const href = await page.locator(link).first().getAttribute("href");
  if (!href) throw new Error(`${link} leads nowhere`);
  await page.goto(href);
  await hydrated(page);
  return new URL(page.url()).pathname;
}

/** Proposes a solution of the first ticket. */
async function solve(page: Page, text: string): Promise<void> {
  await page.goto("/tickets/1/solve");
  const form = page.locator("#solution-form");
  await write(form, text);
  await form.locator(".composer-send button.btn-primary[type=submit]").click();
  await expect(entry(page, text)).toHaveCount(1, { timeout: 15_000 });
}

test.beforeEach(({ guard }) => guard.allowStatus(404, 422));

test("before signing in", async ({ page, ownServer }) => {
  await take(page, "/sign-in", "sign-in");
  await page.locator('[name="form[email]"]').fill(address("tech1"));
  await page.locator('[name="form[password]"]').fill("wrong");
  await page.locator('form[action$="/sign_in"] button[type=submit]').last().click();
  await expect(page.getByRole("alert")).toBeVisible();
  await hydrated(page);
  await shoot(page, "en", "sign-in-refused");
  const empty = await ownServer({ empty: true });
  await take(page, empty.setUpUrl, "set-up");
});

test("agents", async ({ page, signIn }) => {
  test.setTimeout(LONG);
  await signIn(page, "supervisor1");
  const screens: [path: string, screen: string][] = [
    ["/", "home"],
    ["/tickets?status=all", "list"],
    ["/tickets?text=zzzznothing", "list-empty"],
    ["/tickets?status=purple", "list-wrong-filter"],
    ["/tickets/bulk?n=1&n=2&n=60", "bulk"],
    ["/tickets/bulk?n=1&n=2&n=60&action=solve", "bulk-solve"],
    ["/tickets/bulk?n=1&n=2&n=60&action=occurrence", "bulk-occurrence"],
    ["/tickets/1", "ticket"],
    ["/tickets/1?panel=properties", "ticket-properties"],
    ["/tickets/53", "ticket-long-title"],
    ["/tickets/4", "ticket-closed"],
    ["/tickets/new", "ticket-new"],
    ["/tickets/1/note", "ticket-note"],
    ["/tickets/1/solve", "ticket-solve"],
    ["/tickets/22", "ticket-solved"],
    ["/tickets/1/history", "ticket-history"],
    ["/tickets/1?panel=history", "ticket-history-panel"],
    ["/tickets/1/print?private=1", "ticket-print"],
    ["/settings/lists/calendars", "list-calendars"],
    ["/tickets/1/messages", "ticket-messages"],
    ["/tickets/1/tasks", "ticket-tasks-empty"],
    ["/tickets/1/tasks/new", "task-new"],
    ["/tasks", "tasks-empty"],
    ["/planner", "planner-empty"],
    ["/planner?view=list", "planner-list-empty"],
    ["/tickets/1/validations", "ticket-validations"],
    ["/tickets/1/documents", "ticket-documents"],
    ["/tickets/1/statistics", "ticket-statistics"],
    ["/approvals", "approvals"],
    ["/reports", "reports"],
    ["/notifications", "notifications"],
    ["/profile/notifications", "notification-preferences"],
    ["/tickets/1/do/assign", "command-assign"],
    ["/tickets/1/do/suspend", "command-suspend"],
    ["/tickets/1/do/cancel", "command-cancel"],
    ["/knowledge", "knowledge"],
    ["/knowledge?q=VPN", "knowledge-search"],
    ["/knowledge?q=zzzznothing", "knowledge-nothing"],
    ["/knowledge/new", "knowledge-new"],
    ["/tickets/1/knowledge?q=Wi-Fi", "ticket-knowledge"],
    ["/search", "search-empty"],
    ["/search?q=VPN", "search"],
    ["/search?q=zzzznothing", "search-nothing"],
    ["/profile", "profile"],
    ["/trash", "trash"],
    ["/customers", "customers"],
    ["/customers?q=zzzznothing", "customers-nothing"],
    ["/customers/new", "customer-new"],
    ["/customers/import", "customer-import"],
    ["/customer-occurrences/new", "customer-occurrence-new"],
    ["/customer-occurrences/new?search=north", "customer-occurrence-search"],
    ["/reports/customer-occurrences", "customer-report"],
    ["/reports/customer-occurrences?impact=negative&from=2020-01-01&to=2020-01-31", "customer-report-nothing"],
    ["/reports?from=nonsense", "reports-wrong-filter"],
    ["/tickets/1/customer", "ticket-customer"],
    ["/tickets/999999", "not-found"],
  ];
  for (const [path, screen] of screens) await take(page, path, screen);
  await page.goto("/tickets/1");
  await hydrated(page);
  await page.locator('button[popovertarget="pop-me"]').click();
  await shoot(page, "en", "own-menu");
  await page.keyboard.press("Escape");
  await page.locator('button[popovertarget="pop-more"]').click();
  await shoot(page, "en", "ticket-commands");
  const parts = page.locator('button[popovertarget="pop-parts"]');
  if (!(await parts.isVisible())) return;
  await page.keyboard.press("Escape");
  await parts.click();
  await shoot(page, "en", "ticket-parts");
});

test("tasks and the planner", async ({ as, ownServer }) => {
  test.setTimeout(LONG);
  const page = await as("tech1", await ownServer());
  const day = "2031-03-10";
  const tasks: [text: string, begin: string, visibility: "private" | "public"][] = [
    ["Update the firmware of gateway 2, and note its version here.", `${day}T09:00`, "public"],
    ["Ask the provider for the log of Thursday.", `${day}T09:30`, "private"],
    ["Call Ana Souza when it is done.", "", "public"],
  ];
  let path = "";
  for (const [text, begin, visibility] of tasks) {
    await page.goto("/tickets/1/tasks/new");
    const form = page.locator("form[data-task-form]");
    await form.locator(`label:has(input[name="form[visibility]"][value="${visibility}"])`).click();
    await write(form, text, "form[content]");
    await form.locator("#form-user").selectOption({ label: "Tom Silva" });
    if (begin) {
      await form.locator("#form-planned_begin").fill(begin);
      await form.locator("#form-duration_minutes").fill("1h30");
    }
    await page.getByRole("button", { name: word("en", "tasks.add"), exact: true }).click();
    await expect(page.locator("article")).toContainText(text);
    path ||= new URL(page.url()).pathname;
  }
  await take(page, path, "task");
  await take(page, `${path}/edit`, "task-edit");
  await take(page, `${path}/remove`, "task-remove");
  await take(page, "/tickets/1/tasks", "ticket-tasks");
  await take(page, "/tasks", "tasks");
  await take(page, `/planner?view=week&date=${day}`, "planner");
  await take(page, `/planner?view=day&date=${day}`, "planner-day");
  await take(page, `/planner?view=list&date=${day}`, "planner-list");
  await page.locator(".planner-move").first().click();
  await expect(page.locator("#move")).toBeVisible();
  await hydrated(page);
  await shoot(page, "en", "planner-move");
});

test("customers and their occurrences", async ({ as, ownServer }) => {
  test.setTimeout(LONG);
  const page = await as("tech1", await ownServer());
  await page.goto("/reports/customer-occurrences");
  const form = await follow(page, 'li.customer-entry a[href$="/edit"]');
  const occurrence = form.replace(/\/edit$/, "");
  for (const [below, screen] of [["edit", "edit"], ["remove", "remove"], ["revisions", "revisions"]] as const) {
    await take(page, `${occurrence}/${below}`, `customer-occurrence-${screen}`);
  }
  await page.goto("/customers");
  const customer = await follow(page, ".customer-table a.row-title");
  for (const [below, screen] of [
    ["", "customer"],
    ["?section=tickets", "customer-tickets"],
    ["?section=contacts", "customer-contacts"],
    ["?section=history", "customer-history"],
    ["/edit", "customer-edit"],
    ["/remove", "customer-remove"],
    ["/occurrences/new", "customer-occurrence-of-customer"],
  ] as const) {
    await take(page, customer + below, screen);
  }
  await page.goto("/customers/import");
  const rows = "name,status,contact_email\nHarbour Bakery,active,ana@harbour.example\nNo status,unknown,not-an-address\n";
  await page.locator("#form-upload").setInputFiles({ name: "customers.csv", mimeType: "text/csv", buffer: Buffer.from(rows) });
  await page.locator('form[enctype="multipart/form-data"] button[type=submit]').click();
  await expect(page.locator("#import-preview")).toBeVisible();
  await hydrated(page);
  await shoot(page, "en", "customer-import-preview");
});

test("an article", async ({ as }) => {
  const page = await as("tech1");
  await page.goto("/knowledge");
  const path = await follow(page, ".article-row a.result-title");
  await take(page, path, "article");
  await take(page, `${path}/edit`, "article-edit");
  await take(page, `${path}/versions`, "article-versions");
  const reader = await as("requester1");
  await reader.goto("/knowledge");
  await follow(reader, ".article-row a.result-title");
  await shoot(reader, "en", "portal-article");
});

test("a validation", async ({ as, ownServer }) => {
  test.setTimeout(LONG);
  const server = await ownServer();
  const [agent, approver] = [await as("tech1", server), await as("supervisor1", server)];
  await agent.goto("/tickets/1/validations");
  const form = agent.locator("form#ask");
  await form.locator('[name="form[comment]"]').fill("May we restart gateway 2 on Thursday at 18:00? It takes ten minutes.");
  await form.locator('textarea[name="form[targets][]"]').fill(address("supervisor1"));
  await form.locator(".form-foot button[type=submit]").click();
  await expect(agent).toHaveURL(/done=asked/);
  await hydrated(agent);
  await shoot(agent, "en", "ticket-validation-asked");
  await take(agent, "/tickets/1/solve", "ticket-solve-blocked");
  await take(approver, "/approvals", "approvals-waiting");
  await follow(approver, "a.request-title");
  await shoot(approver, "en", "approval");
});

test("a solution and its signed link", async ({ as, browser, colorScheme, ownServer, smtp, viewport }) => {
  test.setTimeout(LONG);
  const server = await ownServer({ smtp: smtp.url });
  const [agent, requester] = [await as("tech1", server), await as("requester1", server)];
  await solve(agent, "The gateway runs the new firmware. Start the VPN once more.");
  await shoot(agent, "en", "ticket-awaiting-approval");
  await follow(agent, '.entry-solution a[href$="/edit"]');
  await shoot(agent, "en", "solution-edit");
  await take(requester, "/requests/1", "request-approve");
  await expect(() => expect(smtp.letters.length).toBeGreaterThan(0)).toPass({ timeout: 30_000 });
  const letter = smtp.letters.find((one) => one.recipients.includes(address("requester1")));
  const link = letter?.text.match(/https?:\/\/\S+\/solution\?token=\S+answer=approve/)?.[0];
  if (!link) throw new Error(`no link in ${letter?.text}`);
  const context = await browser.newContext({ baseURL: server.url, viewport, colorScheme, reducedMotion: "reduce" });
  const stranger = await context.newPage();
  await take(stranger, new URL(link).pathname + new URL(link).search, "solution-link");
  await context.close();
});

test("a survey", async ({ as, ownServer }) => {
  test.setTimeout(LONG);
  const server = await ownServer();
  const [admin, agent, requester] = [await as("admin", server), await as("supervisor1", server), await as("requester1", server)];
  await admin.goto("/settings?q=survey.enabled");
  await hydrated(admin);
  const enabled = admin.locator("#set-survey-enabled").getByRole("switch");
  await enabled.click();
  await expect(enabled).toHaveAttribute("aria-checked", "true");
  await agent.goto("/tickets/22/do/close");
  await hydrated(agent);
  await agent.locator("form.card button.btn-primary[type=submit]").click();
  await expect(agent).toHaveURL(/\/tickets\/22$/);
  await take(requester, "/requests/22", "request-survey");
  await take(requester, "/requests/22/survey?score=4", "survey");
  await requester.locator('[name="form[comment]"]').fill("It took a day, and the answer was clear.");
  await requester.locator("form.form button[type=submit]").click();
  await expect(requester.locator(".banner[data-tone=done]")).toBeVisible();
  await shoot(requester, "en", "survey-answered");
  await take(agent, "/tickets/22/survey", "ticket-survey-answered");
});

test("chat", async ({ as, ownServer }) => {
  test.setTimeout(LONG);
  const server = await ownServer();
  const admin = await as("admin", server);
  await take(admin, "/tickets/1/chat", "chat-off");
  await admin.goto("/settings?q=316");
  await admin.locator("#set-chat-enabled").getByRole("switch").click();
  await expect(admin.locator("#set-chat-enabled").getByRole("switch")).toHaveAttribute("aria-checked", "true");
  const [requester, agent] = [await as("requester1", server), await as("tech1", server)];
  for (const [page, path, text] of [
    [requester, "/requests/1/chat", "Good morning. The VPN dropped again at ten."],
    [agent, "/tickets/1/chat", "Good morning. I see it: gateway 2 restarts. Does it hold with the cable?"],
    [requester, "/requests/1/chat", "With the cable it holds."],
  ] as const) {
    await page.goto(path);
    await page.locator("#chat-form textarea").fill(text);
    await page.locator("#chat-form button[type=submit]").click();
    await expect(page.locator("[data-chat-lines]")).toContainText(text);
  }
  await take(agent, "/chat", "chat-panel");
  await take(agent, "/tickets/1/chat", "ticket-chat");
  await take(agent, "/tickets/1/history?tab=chat", "ticket-history-chat");
  await take(requester, "/requests/1/chat", "request-chat");
});

test("administrators", async ({ page, signIn }) => {
  await signIn(page, "admin");
  await take(page, "/settings", "settings");
  await take(page, "/audit", "audit");
  await take(page, "/settings/lists/pending-reasons", "lists-pending-reasons");
  await follow(page, ".list-table tbody a.row-title");
  await shoot(page, "en", "pending-reason");
  await take(page, "/settings/templates/new?kind=tasks", "template-task");
  await take(page, "/tickets/4/survey", "ticket-survey");
  await take(page, "/survey?token=guessed", "survey-link-void");
  await take(page, "/settings?q=171&row=reopen_days&code=out_of_range&typed=400", "settings-refused");
  await take(page, "/settings/lists", "lists");
  await take(page, "/settings/lists/ticket-categories", "list");
  await page.locator(".list-table tbody a").first().click();
  await shoot(page, "en", "list-row");
  await take(page, "/settings/templates?kind=mails", "templates");
  await page.locator(".template-table tbody a").first().click();
  await shoot(page, "en", "template");
  await take(page, "/admin/users", "users");
  await page.locator(".admin-table tbody a").first().click();
  await shoot(page, "en", "user");
  await take(page, "/admin/groups", "groups");
  await page.locator(".admin-table tbody a").first().click();
  await shoot(page, "en", "group");
  await take(page, "/admin/roles", "roles");
  await take(page, "/admin/roles/why", "why");
  await take(page, "/admin/entities", "entities");
  await take(page, "/settings/mail", "outgoing-empty");
  await take(page, "/unsubscribe?token=guessed", "unsubscribe-void");
});

test("writing", async ({ page, signIn }) => {
  test.setTimeout(LONG);
  await signIn(page, "tech1");
  await take(page, "/drafts", "drafts-empty");
  const form = await openComposer(page, 1);
  await richEditor(form);
  await write(form, "Gateway 2 was repaired this morning. Your account goes back to it tonight.");
  for (const visibility of ["private", "public"] as const) {
    await choose(form, visibility);
    await shoot(page, "en", `composer-${visibility}`);
  }
  await expect(form.locator('.draft-state[data-state="saved"]')).toBeVisible();
  await take(page, "/drafts", "drafts");
  await openComposer(page, 1);
  await richEditor(composer(page));
  await composer(page).locator('[name="form[minutes]"]').fill("25h");
  await composer(page).locator(".composer-send button.btn-primary[type=submit]").click();
  await expect(page.locator("#form-minutes-error")).toBeVisible();
  await shoot(page, "en", "composer-refused");
});

test("an occurrence", async ({ page, signIn }) => {
  test.setTimeout(LONG);
  await signIn(page, "tech1");
  const made = await register(page, 2, { text: "Client 5.1 talks to the old gateway.", visibility: "private", minutes: "25", image: "log.png" });
  const path = `/tickets/2/occurrences/${await idOf(made)}`;
  await take(page, `${path}/edit`, "occurrence-edit");
  const form = page.locator('form[action$="/edit_occurrence"]');
  await write(form, "Client 5.2.1 talks to the new gateway. Nothing more to do.");
  await form.locator("button.btn-primary[type=submit]").click();
  await expect(page.locator("ol.timeline")).toContainText("5.2.1");
  await take(page, `${path}/revisions`, "occurrence-revisions");
  await take(page, `${path}/remove`, "occurrence-remove");
  const remove = page.locator('form[action$="/remove_occurrence"]');
  await remove.locator('[name="form[reason]"]').fill("Belongs to another ticket");
  await remove.locator("button.btn-error[type=submit]").click();
  await expect(page.locator("li.tombstone").last()).toBeVisible();
  await page.locator("li.tombstone").last().scrollIntoViewIfNeeded();
  await shoot(page, "en", "occurrence-tombstone");
});

test("requesters", async ({ page, signIn }) => {
  await signIn(page, "requester1");
  const screens: [path: string, screen: string][] = [
    ["/requests", "requests"],
    ["/requests?status=all", "requests-all"],
    ["/requests?text=zzzznothing", "requests-empty"],
    ["/requests/new", "request-new"],
    ["/knowledge", "portal-knowledge"],
    ["/knowledge/suggestions?q=VPN", "suggestions"],
    ["/requests/1", "request"],
    ["/requests/4", "request-closed"],
    ["/requests/22", "request-solved"],
    ["/requests/22?ask=refuse", "request-refuse"],
    ["/solution?token=none", "solution-link-void"],
    // The setting that lets requesters cancel is off here: the page says that it cannot be done.
    ["/requests/1?ask=cancel", "request-cannot-cancel"],
    ["/requests/4?ask=reopen", "request-reopen"],
    ["/requests/1/history", "request-history"],
    ["/requests/1/messages", "request-messages"],
    ["/notifications", "requester-notifications"],
    ["/approvals", "requester-approvals"],
    ["/requests/999999", "request-not-found"],
    ["/profile", "requester-profile"],
  ];
  for (const [path, screen] of screens) await take(page, path, screen);
  await page.goto("/requests/1");
  await hydrated(page);
  await composer(page).scrollIntoViewIfNeeded();
  await shoot(page, "en", "request-note");
});

for (const lang of LANGUAGES.filter((each) => each !== "en")) {
  test(`in ${lang}`, async ({ as, ownServer }) => {
    test.setTimeout(LONG);
    const server = await ownServer();
    const screens: Record<string, [path: string, screen: string][]> = {
      supervisor1: [
        ["/", "home"],
        ["/tickets", "list"],
        ["/tickets/1", "ticket"],
        ["/tickets/1?compose=occurrence", "composer"],
        ["/tickets/new", "ticket-new"],
        ["/customers", "customers"],
        ["/customers/import", "customer-import"],
        ["/customer-occurrences/new", "customer-occurrence-new"],
        ["/reports/customer-occurrences", "customer-report"],
        ["/tickets/1/tasks/new", "task-new"],
        ["/tickets/1/solve", "ticket-solve"],
        ["/tickets/1/validations", "ticket-validations"],
        ["/tickets/1/documents", "ticket-documents"],
        ["/tickets/1/statistics", "ticket-statistics"],
        ["/tasks", "tasks-empty"],
        ["/planner", "planner-empty"],
        ["/knowledge", "knowledge"],
        ["/knowledge/new", "knowledge-new"],
        ["/reports", "reports"],
      ],
      requester1: [
        ["/requests", "requests"],
        ["/requests/1", "request"],
        ["/requests/22", "request-solved"],
        ["/knowledge", "portal-knowledge"],
        ["/approvals", "requester-approvals"],
      ],
    };
    for (const [key, paths] of Object.entries(screens)) {
      const page = await as(key, server);
      await page.goto("/profile");
      await hydrated(page);
      await page.locator('button[popovertarget="pop-me"]').click();
      await page.locator(`#pop-me button[value="${lang}"]`).click();
      await expect(page.locator("html")).toHaveAttribute("lang", lang);
      for (const [path, screen] of paths) await take(page, path, screen, lang);
    }
  });
}
