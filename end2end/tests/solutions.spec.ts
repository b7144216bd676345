// Solving and the three closings: a solution is proposed, answered in My requests and by the link of its mail.
import type { Page } from "@playwright/test";
import { entry } from "../fixtures/occurrences.ts";
import { address } from "../fixtures/server.ts";
import { expect, test, visit } from "../fixtures/test.ts";
import { unique, word } from "../fixtures/words.ts";

/** A ticket of Ana Souza, assigned to Tom Silva; each test has a desk of its own. */
const TICKET = 1;

/** Proposes a solution from the ticket's own next step; the page is plain with and without scripts. */
async function solve(page: Page, text: string): Promise<void> {
  await visit(page, `/tickets/${TICKET}`);
  await page.locator(".ticket-next a").click();
  await expect(page).toHaveURL(new RegExp(`/tickets/${TICKET}/solve$`));
  const form = page.locator("#solution-form");
  await form.locator('textarea[name="form[body]"]').fill(text);
  await form.locator(".composer-send button.btn-primary[type=submit]").click();
  await expect(entry(page, text)).toHaveCount(1, { timeout: 15_000 });
}

test("t_sol a solution is refused, proposed again and approved", { tag: "@plain" }, async ({ as, ownServer }) => {
  test.slow();
  const desk = await ownServer();
  const [agent, requester] = [await as("tech1", desk), await as("requester1", desk)];
  const [first, second, reason] = [unique("first"), unique("second"), unique("reason")];

  await solve(agent, first);
  await expect(entry(agent, first).locator(".solution-state")).toContainText(word("en", "solutions.waiting"));
  await expect(agent.locator(".ticket-facts .status").first()).toHaveAttribute("data-status", "solved");

  await test.step("the requester says what is missing", async () => {
    await visit(requester, `/requests/${TICKET}`);
    await expect(entry(requester, first)).toBeVisible();
    await requester.locator("#answer").getByRole("link", { name: word("en", "requests.not_solved") }).click();
    await expect(requester).toHaveURL(/ask=refuse/);
    await requester.locator('#answer textarea[name="form[text]"]').fill(reason);
    await requester.locator('#answer button[type=submit]').click();
    await expect(requester).toHaveURL(/done=refuse/);
    await expect(entry(requester, reason).first()).toBeVisible();
    await expect(requester.locator("#answer")).toHaveCount(0);
  });

  await solve(agent, second);
  await test.step("in the list it is one click", async () => {
    await visit(requester, "/requests");
    const row = requester.locator("article.request-row", { has: requester.locator(`a[href="/requests/${TICKET}"]`) });
    await row.getByRole("button", { name: word("en", "requests.it_works") }).click();
    await expect(requester).toHaveURL(/\/requests$/);
    await visit(requester, `/requests/${TICKET}`);
    await expect(entry(requester, second).locator(".solution-state")).toContainText("Ana Souza");
  });
});

test("t_sol_08 the link of the mail shows first and acts by its button", { tag: "@plain" }, async ({ as, ownServer, smtp, browser }) => {
  test.slow();
  const desk = await ownServer({ smtp: smtp.url });
  const text = unique("cable");
  await solve(await as("tech1", desk), text);
  await expect(() => expect(smtp.letters.length).toBeGreaterThan(0)).toPass({ timeout: 30_000 });
  const letter = smtp.letters.find((one) => one.recipients.includes(address("requester1")));
  const link = letter?.text.match(/https?:\/\/\S+\/solution\?token=\S+answer=approve/)?.[0];
  if (!link) throw new Error(`no link in ${letter?.text}`);
  // A browser that never signed in.
  const stranger = await (await browser.newContext({ baseURL: desk.url })).newPage();
  const path = new URL(link).pathname + new URL(link).search;
  for (let time = 0; time < 2; time += 1) {
    await stranger.goto(path);
    await expect(stranger.locator("body")).toContainText(text);
  }
  await stranger.getByRole("button", { name: word("en", "requests.it_works") }).click();
  await expect(stranger.getByRole("status")).toContainText(word("en", "requests.done_approve"));
  await stranger.goto(path);
  await expect(stranger.getByRole("button")).toHaveCount(0);
  await expect(stranger.locator("body")).not.toContainText(text);
  await stranger.context().close();
});

test("a text that is refused stays", { tag: "@plain" }, async ({ as, ownServer }) => {
  const agent = await as("tech1", await ownServer());
  await visit(agent, `/tickets/${TICKET}/solve`);
  await agent.locator("#solution-form .composer-send button.btn-primary[type=submit]").click();
  await expect(agent.getByRole("alert")).toBeVisible();
  const area = agent.locator('#solution-form textarea[name="form[body]"]');
  await area.fill("Typed at length.");
  await agent.locator('#solution-form a.btn[href="/tickets/1"]').click();
  await expect(agent).toHaveURL(/\/tickets\/1$/);
});
