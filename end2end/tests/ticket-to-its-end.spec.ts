// One ticket worked to its end, by several people in browsers of their own: a reply by template, a planned task with its reminder
// in planner and calendar feed, a pause of the task and its ticket, a solution from the knowledge base that is refused, a second
// one approved by the link of its mail without signing in, the survey, and the statistics with the true course of events.
import type { Locator, Page } from "@playwright/test";
import { composer, entry, openComposer, send, write, written } from "../fixtures/occurrences.ts";
import { address } from "../fixtures/server.ts";
import { expect, test, visit } from "../fixtures/test.ts";
import { unique, word } from "../fixtures/words.ts";

/** A ticket of Ana Souza, assigned to Tom Silva; the test has a desk of its own. */
const TICKET = 1;
const TITLE = "VPN drops every ten minutes";
/** Where Tom Silva lives: his forms and his planner are read by its clocks. */
const ZONE = "America/Sao_Paulo";
const ANA = address("requester1");

/** The status the ticket shows. */
const status = (page: Page): Locator => page.locator(".ticket-facts .status").first();

/** A moment as a field of date and time takes it, by the clock of Tom Silva. */
const wall = (at: Date): string =>
  new Intl.DateTimeFormat("sv-SE", { timeZone: ZONE, dateStyle: "short", timeStyle: "short" }).format(at).replace(" ", "T");

/** A moment as a calendar has it, to the second. */
const utc = (at: Date): string => `${at.toISOString().slice(0, 19).replace(/[-:]/g, "")}Z`;

/** The lines of a calendar, unfolded (RFC 5545, 3.1). */
const lines = (calendar: string): string[] => calendar.replace(/\r\n[ \t]/g, "").trimEnd().split("\r\n");

/** The form of the page of a task that has a field. */
const step = (page: Page, field: string): Locator => page.locator(".task-steps form", { has: page.locator(`[name="form[${field}]"]`) });

// Its browsers have scripts and have none by themselves, so one project is enough.
test("t_sta a ticket is worked to its end", { tag: "@scripts" }, async ({ as, browser, ownServer, smtp }) => {
  test.setTimeout(240_000);
  const [template, typed, todo, waits] = [unique("Received"), unique("typed"), unique("gateway"), unique("provider")];
  const [reason, second, comment] = [unique("again"), unique("replaced"), unique("Patient")];
  const desk = await ownServer({ smtp: smtp.url });
  const admin = await as("admin", desk);
  const agent = await as("tech1", desk);
  const plain = { javaScriptEnabled: false };
  // The same agent without scripts: the form of a solution is a page of its own.
  const solver = await as("tech1", desk, plain);
  const requester = await as("requester1", desk, plain);
  const supervisor = await as("supervisor1", desk);

  await test.step("t_tpl_01 the administrator writes a reply template and switches the survey on", async () => {
    await visit(admin, "/settings/templates/new?kind=replies");
    await admin.locator("#form-name").fill(template);
    await admin.locator("#form-texts-en").fill("We look at {{ ticket.title }}.");
    await admin.locator("#form-visibility").selectOption("public");
    await admin.getByRole("button", { name: word("en", "templates.save"), exact: true }).last().click();
    await expect(admin.locator('.banner[data-tone="done"]')).toHaveText(word("en", "templates.saved"));
    await visit(admin, "/settings?q=survey.enabled");
    const enabled = admin.locator("#set-survey-enabled").getByRole("switch");
    await enabled.click();
    await expect(enabled).toHaveAttribute("aria-checked", "true");
  });

  await test.step("t_occ_09 the agent replies by it, and the requester reads it", async () => {
    const form = await openComposer(agent, TICKET);
    await write(form, `First ${typed}.`);
    await composer(agent).locator("#form-insert").selectOption({ label: template });
    await composer(agent).getByRole("button", { name: word("en", "tickets.insert_template"), exact: true }).click();
    await expect(async () => expect(await written(composer(agent))).toContain(`We look at ${TITLE}.`)).toPass({ timeout: 10_000 });
    await composer(agent).locator('label:has(input[name="form[visibility]"][value="public"])').click();
    await send(composer(agent));
    await expect(entry(agent, typed)).toContainText(`We look at ${TITLE}.`, { timeout: 15_000 });
    await visit(requester, `/requests/${TICKET}`);
    await expect(entry(requester, typed)).toContainText(`We look at ${TITLE}.`);
  });

  // To the minute, as the field is: in forty minutes, to be reminded of an hour before, which is now.
  const begin = new Date(Math.ceil((Date.now() + 40 * 60_000) / 60_000) * 60_000);
  let task = "";
  await test.step("t_tsk_01 a task is planned with a reminder", async () => {
    await visit(agent, `/tickets/${TICKET}/tasks/new`);
    const form = agent.locator("form[data-task-form]");
    await write(form, todo, "form[content]");
    await form.locator('label:has(input[name="form[visibility]"][value="public"])').click();
    await agent.locator("#form-user").selectOption({ label: "Tom Silva" });
    await agent.locator("#form-planned_begin").fill(wall(begin));
    await agent.locator("#form-duration_minutes").fill("30m");
    await agent.locator("#form-reminder_minutes").selectOption("60");
    await agent.getByRole("button", { name: word("en", "tasks.add"), exact: true }).click();
    await expect(agent.getByRole("heading", { level: 1 })).toHaveText(word("en", "tasks.task"));
    await expect(agent.locator("article")).toContainText(todo);
    task = new URL(agent.url()).pathname;
    await visit(agent, `/tickets/${TICKET}`);
    await expect(status(agent)).toHaveAttribute("data-status", "planned");
  });

  await test.step("t_tsk_09 it stands in the planner of its day", async () => {
    await visit(agent, `/planner?view=day&date=${wall(begin).slice(0, 10)}`);
    const block = agent.locator(".planner-block", { hasText: todo });
    await expect(block.locator(".planner-link")).toHaveText(`#${TICKET} ${TITLE}`);
    await expect(block).toHaveAttribute("data-minutes", "30");
  });

  await test.step("t_tsk_10 and in the calendar feed, which needs no sign-in", async () => {
    await visit(agent, "/tasks");
    await agent.locator("#feed").getByRole("button", { name: word("en", "tasks.feed_make"), exact: true }).click();
    const shown = agent.getByLabel(word("en", "tasks.feed_address"));
    await expect(shown).toHaveValue(/^http.*\/ical\/[^/]+\.ics$/);
    const answer = await fetch(await shown.inputValue());
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toMatch(/^text\/calendar/);
    const calendar = lines(await answer.text());
    expect([calendar[0], calendar.at(-1)]).toEqual(["BEGIN:VCALENDAR", "END:VCALENDAR"]);
    const summary = calendar.indexOf(`SUMMARY:#${TICKET} ${TITLE}`);
    expect(summary, calendar.join("\n")).toBeGreaterThan(0);
    const event = calendar.slice(calendar.lastIndexOf("BEGIN:VEVENT", summary), calendar.indexOf("END:VEVENT", summary));
    expect(event).toContain(`DTSTART:${utc(begin)}`);
    expect(event).toContain(`DTEND:${utc(new Date(begin.getTime() + 30 * 60_000))}`);
    expect(event.filter((line) => line.startsWith("UID:"))).toHaveLength(1);
  });

  await test.step("t_tsk_07 the reminder rings once", async () => {
    const told = agent.locator(".told > li").filter({ hasText: word("en", "notifications.task_reminder") });
    await expect(async () => {
      await visit(agent, "/notifications");
      await expect(told).toHaveCount(1, { timeout: 1_000 });
    }).toPass({ timeout: 45_000 });
  });

  await test.step("t_tsk_05 the task is put on hold, and its ticket waits with it", async () => {
    await visit(agent, task);
    const form = step(agent, "ticket");
    await form.locator('[name="form[ticket]"]').check();
    await form.locator('[name="form[text]"]').fill(`Waiting for the ${waits}`);
    await form.getByRole("button", { name: word("en", "tasks.pause"), exact: true }).click();
    await expect(agent.locator(".task-table")).toContainText(word("en", "tasks.state_on_hold"));
    await visit(agent, `/tickets/${TICKET}`);
    await expect(status(agent)).toHaveAttribute("data-status", "pending");
    await visit(requester, `/requests/${TICKET}`);
    await expect(requester.locator("main")).not.toContainText(waits);
  });

  await test.step("t_tsk_05 both go on, and the task is done", async () => {
    await visit(agent, task);
    const form = step(agent, "ticket");
    await form.locator('[name="form[ticket]"]').check();
    await form.getByRole("button", { name: word("en", "tasks.resume"), exact: true }).click();
    await expect(agent.locator(".task-table")).toContainText(word("en", "tasks.state_in_progress"));
    const progress = step(agent, "actual_minutes");
    await progress.locator('[name="form[state]"]').selectOption("done");
    await progress.locator('[name="form[actual_minutes]"]').fill("45");
    await progress.getByRole("button", { name: word("en", "tickets.save"), exact: true }).click();
    await expect(agent.locator(".task-table")).toContainText(word("en", "tasks.state_done"));
    await visit(agent, `/tickets/${TICKET}`);
    await expect(status(agent)).toHaveAttribute("data-status", "assigned");
  });

  await test.step("t_sol_03 a solution begins with an article", async () => {
    await visit(solver, `/tickets/${TICKET}/solve`);
    await solver.locator('input[name="q"][form="solution-form"]').fill("VPN");
    await solver.getByRole("button", { name: word("en", "knowledge.search_button"), exact: true }).click();
    const row = solver.locator("li.article-row", { hasText: "VPN: connect and stay connected" });
    await row.getByRole("button", { name: word("en", "solve.use_article"), exact: true }).click();
    const body = solver.locator('#solution-form textarea[name="form[body]"]');
    await expect(body).toHaveValue(/choose another gateway/);
    await solver.locator("#solution-form .composer-send button.btn-primary[type=submit]").click();
    await expect(entry(solver, "choose another gateway")).toHaveCount(1, { timeout: 15_000 });
    await expect(status(solver)).toHaveAttribute("data-status", "solved");
    await visit(solver, `/tickets/${TICKET}/knowledge`);
    await expect(solver.locator("section:has(#linked-articles)")).toContainText("VPN: connect and stay connected");
  });

  const letters = (): string[] =>
    smtp.letters
      .filter((letter) => letter.recipients.includes(ANA))
      .flatMap((letter) => letter.text.match(/https?:\/\/\S+\/solution\?token=\S+answer=approve/) ?? []);
  await test.step("t_sta_19 the requester refuses with a reason", async () => {
    await expect.poll(() => letters().length, { timeout: 30_000 }).toBe(1);
    await visit(requester, `/requests/${TICKET}`);
    await requester.locator("#answer").getByRole("link", { name: word("en", "requests.not_solved") }).click();
    await expect(requester).toHaveURL(/ask=refuse/);
    await requester.locator('#answer textarea[name="form[text]"]').fill(reason);
    await requester.locator("#answer button[type=submit]").click();
    await expect(requester).toHaveURL(/done=refuse/);
    await expect(entry(requester, reason).first()).toBeVisible();
    await visit(agent, `/tickets/${TICKET}`);
    await expect(status(agent)).toHaveAttribute("data-status", "assigned");
  });

  await test.step("t_sol_08 a second solution is approved by the link of its mail, without signing in", async () => {
    await visit(solver, `/tickets/${TICKET}/solve`);
    await solver.locator('#solution-form textarea[name="form[body]"]').fill(`The gateway was ${second}.`);
    await solver.locator("#solution-form .composer-send button.btn-primary[type=submit]").click();
    await expect(entry(solver, second)).toHaveCount(1, { timeout: 15_000 });
    await expect.poll(() => letters().length, { timeout: 30_000 }).toBe(2);
    const link = new URL(letters().at(-1) ?? "");
    const stranger = await (await browser.newContext({ baseURL: desk.url })).newPage();
    await stranger.goto(link.pathname + link.search);
    await expect(stranger.locator("body")).toContainText(second);
    await stranger.getByRole("button", { name: word("en", "requests.it_works") }).click();
    await expect(stranger.getByRole("status")).toContainText(word("en", "requests.done_approve"));
    await stranger.context().close();
    await visit(agent, `/tickets/${TICKET}`);
    await expect(status(agent)).toHaveAttribute("data-status", "closed");
  });

  await test.step("t_srv_02 the survey is answered, and the agent reads it", async () => {
    await visit(requester, `/requests/${TICKET}`);
    await requester.getByRole("link", { name: word("en", "requests.survey_score", { score: "5" }), exact: true }).click();
    await expect(requester.locator('[name="form[score]"][value="5"]')).toBeChecked();
    await requester.locator('[name="form[comment]"]').fill(comment);
    await requester.locator("form.form button[type=submit]").click();
    await expect(requester.locator(".banner[data-tone=done]")).toBeVisible();
    await visit(agent, `/tickets/${TICKET}/survey`);
    await expect(agent.locator("main")).toContainText(comment);
  });

  await test.step("t_stt_01 the statistics show the whole course, and nothing of it is still running", async () => {
    await visit(supervisor, `/tickets/${TICKET}/statistics`);
    const part = (id: string): Locator => supervisor.locator(`section[aria-labelledby=${id}]`);
    for (const figure of ["taken", "assigned", "pending", "awaiting", "solving", "closing"]) {
      const row = part("figures").getByRole("row").filter({ has: supervisor.getByRole("rowheader", { name: word("en", `reports.${figure}`), exact: true }) });
      await expect(row.locator("td.num").first(), figure).toHaveText(/\d/);
    }
    await expect(part("figures")).not.toContainText(word("en", "reports.running"));
    await expect(part("figures").getByRole("row").last()).toContainText(word("en", "reports.times", { n: 1 }));
    const done = part("people").getByRole("row").filter({ hasText: word("en", "reports.kind_task") });
    await expect(done).toContainText("Tom Silva");
    await expect(done.locator("td.num").last()).toContainText("45");
    const lived = await part("intervals").locator("tbody th").allTextContents();
    const words = ["planned", "pending", "planned", "assigned", "solved", "assigned", "solved", "closed"];
    expect(lived.slice(-words.length)).toEqual(words.map((name) => word("en", `common.status_${name}`)));
    await visit(supervisor, "/reports");
    await expect(part("backlog").locator("table")).toBeVisible();
  });
});
