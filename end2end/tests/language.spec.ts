// Four languages: every main page says its language, its own words, and neither a key nor a word of another one.
import type { Page } from "@playwright/test";
import { expect, hydrated, test, visit } from "../fixtures/test.ts";
import { area, LANGUAGES, type Lang, pattern, word } from "../fixtures/words.ts";

const AGENT: [path: string, heading: string][] = [
  ["/", "shell.home"],
  ["/tickets", "list.view_open"],
  ["/search", "search.title"],
  ["/profile", "account.profile"],
  ["/drafts", "account.my_drafts"],
  ["/notifications", "notifications.title"],
  ["/profile/notifications", "notifications.preferences"],
  ["/approvals", "validations.approvals"],
  ["/settings/lists", "lists_admin.ticket_categories"],
];
const MORE = ["/tickets/1", "/tickets/1?compose=occurrence", "/tickets/new", "/tickets/1/note", "/tickets/1/solve", "/tickets/1/history", "/tickets/1/messages", "/tickets/1/tasks", "/tickets/1/tasks/new", "/tasks", "/planner", "/tickets/1/validations", "/tickets/1/documents", "/tickets/1/statistics", "/tickets/1/do/suspend", "/tickets/bulk?n=1&n=2&action=solve", "/trash", "/knowledge", "/knowledge/new", "/customers", "/customers/new", "/customers/import", "/customer-occurrences/new", "/reports", "/reports/customer-occurrences"];
const PORTAL: [path: string, heading: string][] = [
  ["/requests", "requests.my_requests"],
  ["/profile", "account.profile"],
];

const AREAS = ["account", "common", "customers", "documents", "errors", "knowledge", "list", "lists_admin", "notifications", "reports", "requests", "search", "shell", "solve", "tasks", "tickets", "validations"];
const KEY = new RegExp(`\\b(${AREAS.join("|")})\\.[a-z]+_[a-z_]+\\b`);
const SLOT = /\{[a-z_]+\}/;

/** English sentences of several words that have another form in `lang`. */
function foreign(lang: Lang): Set<string> {
  const sentences = AREAS.flatMap((name) => {
    const own = area(lang, name);
    return Object.entries(area("en", name)).filter(([key, value]) => typeof value === "string" && value !== own[key]);
  });
  return new Set(sentences.map(([, value]) => String(value)).filter((text) => text.includes(" ") && !text.includes("{")));
}

async function speaks(page: Page, lang: Lang): Promise<void> {
  await expect(page.locator("html")).toHaveAttribute("lang", lang);
  const text = await page.locator("body").innerText();
  expect.soft(text, page.url()).not.toMatch(KEY);
  expect.soft(text, page.url()).not.toMatch(SLOT);
  const english = foreign(lang);
  const lines = text.split("\n").map((line) => line.trim());
  expect.soft(lines.filter((line) => english.has(line)), `English on ${page.url()}`).toEqual([]);
}

async function chooseLanguage(page: Page, lang: Lang): Promise<void> {
  await hydrated(page);
  await page.locator('button[popovertarget="pop-me"]').click();
  await page.locator(`#pop-me button[value="${lang}"]`).click();
  await expect(page.locator("html")).toHaveAttribute("lang", lang);
}

for (const lang of LANGUAGES) {
  test(`agents work in ${lang}`, { tag: "@scripts" }, async ({ as, ownServer }) => {
    test.slow();
    const server = await ownServer();
    const page = await as("supervisor1", server);
    await page.goto("/profile");
    await chooseLanguage(page, lang);
    for (const [path, heading] of AGENT) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(pattern(lang, heading));
      await speaks(page, lang);
    }
    for (const path of MORE) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await speaks(page, lang);
    }
  });

  test(`requesters ask in ${lang}`, async ({ as, ownServer }) => {
    const server = await ownServer();
    const page = await as("requester1", server);
    await page.goto("/requests");
    await chooseLanguage(page, lang);
    for (const [path, heading] of PORTAL) {
      await page.goto(path);
      await expect(page.getByRole("heading", { level: 1 })).toHaveText(word(lang, heading));
      await speaks(page, lang);
    }
    await page.goto("/requests/1");
    await expect(page.locator("html")).toHaveAttribute("lang", lang);
    await speaks(page, lang);
  });
}

// Written out, so that a mistake in the catalogues is seen by somebody.
test("known words stand where they belong", { tag: "@plain" }, async ({ as }) => {
  const known: [key: string, words: string][] = [
    ["tech1", "My requests"],
    ["tech2", "Minhas solicitações"],
    ["tech3", "Mes demandes"],
  ];
  for (const [key, words] of known) {
    const page = await as(key);
    await page.goto("/");
    await expect(page.locator("nav.shell-rail")).toContainText(words);
  }
  const requester = await as("requester3");
  await requester.goto("/requests");
  await expect(requester.getByRole("heading", { level: 1 })).toHaveText("Mis solicitudes");
});

// Without scripts the server renders everything.
test("what the browser renders has the words of the document's language, and no others were fetched", { tag: "@scripts" }, async ({ as }) => {
  const page = await as("tech2");
  const fetched = new Set<string>();
  page.on("request", (request) => {
    const file = /\/words\/(.+)\.txt$/.exec(request.url());
    if (file?.[1]) fetched.add(file[1]);
  });
  await visit(page, "/tickets");
  await page.evaluate(() => document.documentElement.setAttribute("data-same-document", ""));
  await page.locator('button[popovertarget="pop-views"]').click();
  await page.locator("#pop-views").getByRole("link", { name: word("pt-BR", "list.view_unassigned") }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText(word("pt-BR", "list.view_unassigned"));
  await expect(page.locator("html")).toHaveAttribute("data-same-document", "");
  await speaks(page, "pt-BR");
  expect([...fetched]).toEqual(["pt-BR"]);
});
