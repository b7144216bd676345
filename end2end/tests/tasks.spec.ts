// Tasks: added on a plain page, in the timeline and My tasks, ticked, moved in the planner by form, keys and mouse.
import type { Page } from "@playwright/test";
import { write } from "../fixtures/occurrences.ts";
import { expect, hasScripts, test, visit } from "../fixtures/test.ts";
import { unique, word } from "../fixtures/words.ts";

/** A ticket of Ana Souza, assigned to Tom Silva. */
const TICKET = 1;

/** A day without demo data, so that nothing lies in the way. */
const DAY = "2031-03-10";

/** Waits until the planner shows that something begins at a time of that day. */
const begins = (page: Page, time: string): Promise<void> =>
  expect(page.locator(`.planner-day .planner-block[data-begin="${DAY}T${time}"]`)).toHaveCount(1);

/** Adds a task of the reader and answers its address. */
async function add(page: Page, text: string, begin = ""): Promise<string> {
  await visit(page, `/tickets/${TICKET}/tasks/new`);
  await write(page.locator("form[data-task-form]"), text, "form[content]");
  await page.locator("#form-user").selectOption({ label: "Tom Silva" });
  if (begin) {
    await page.locator("#form-planned_begin").fill(begin);
    await page.locator("#form-duration_minutes").fill("1h");
  }
  await page.getByRole("button", { name: word("en", "tasks.add"), exact: true }).click();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText(word("en", "tasks.task"));
  await expect(page.locator("article")).toContainText(text);
  return new URL(page.url()).pathname;
}

test("t_tsk a task stands in the timeline and My tasks, and is ticked there", async ({ as, ownServer }) => {
  const page = await as("tech1", await ownServer());
  const text = unique("task");
  await add(page, text);
  await visit(page, `/tickets/${TICKET}`);
  await expect(page.locator("article.entry", { hasText: text }).locator(".entry-task")).toContainText(word("en", "tasks.state_todo"));
  await visit(page, "/tasks");
  const item = page.locator(".task-item", { hasText: text });
  await item.getByRole("button").click();
  await expect(page.locator(".task-item", { hasText: text })).toHaveCount(0);
});

test("what was typed into a small form that is refused stands there again", { tag: "@scripts" }, async ({ as, ownServer }) => {
  const page = await as("tech1", await ownServer());
  await add(page, unique("kept"));
  const field = page.locator('form[action$="/set_task"] [name="form[actual_minutes]"]');
  const form = page.locator('form[action$="/set_task"]').filter({ has: page.locator('[name="form[actual_minutes]"]') });
  await field.fill("soon");
  await form.locator("button[type=submit]").click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(field).toHaveValue("soon");
});

test("t_tsk_09 a task is moved in the planner by form, keys and mouse", async ({ as, ownServer }) => {
  const page = await as("tech1", await ownServer());
  const path = await add(page, unique("plan"), `${DAY}T09:00`);
  const planner = `/planner?view=week&date=${DAY}`;
  const facts = page.locator(".task-table");

  await test.step("by form", async () => {
    await visit(page, planner);
    await page.locator(".planner-move").first().click();
    await page.locator("#move #form-planned_begin").fill(`${DAY}T10:00`);
    await page.getByRole("button", { name: word("en", "tasks.plan_it") }).click();
    await begins(page, "10:00");
    await visit(page, path);
    await expect(facts).toContainText("10:00");
  });
  if (!hasScripts()) return;

  await test.step("by keys", async () => {
    await visit(page, planner);
    await expect(page.locator("[data-planner][data-ready]")).toBeVisible();
    await page.locator(".planner-day .planner-link").first().focus();
    // Arrows alone move nothing.
    await page.keyboard.press("ArrowDown");
    await expect(page.locator("[data-moving]")).toHaveCount(0);
    await page.locator(".planner-day .planner-link").first().focus();
    await page.keyboard.press("Shift+ArrowDown");
    await expect(page.locator("[data-moving]")).toHaveCount(1);
    await page.keyboard.press("Escape");
    await expect(page.locator("[data-moving]")).toHaveCount(0);
    await begins(page, "10:00");
    await page.keyboard.press("Shift+ArrowDown");
    await page.keyboard.press("Shift+ArrowDown");
    await page.keyboard.press("Enter");
    await begins(page, "11:00");
    await visit(page, path);
    await expect(facts).toContainText("12:00");
  });

  await test.step("by mouse", async () => {
    await visit(page, planner);
    await expect(page.locator("[data-planner][data-ready]")).toBeVisible();
    const block = page.locator(".planner-block[data-movable]").first();
    await block.scrollIntoViewIfNeeded();
    const box = await block.boundingBox();
    if (!box) throw new Error("the block has no place");
    await page.mouse.move(box.x + 20, box.y + 10);
    await page.mouse.down();
    await page.mouse.move(box.x + 20, box.y + 10 + box.height, { steps: 8 });
    await page.mouse.up();
    await begins(page, "12:00");
    await visit(page, path);
    await expect(facts).toContainText("13:00");
  });
});

test("t_tsk_09 tasks of the same time stand beside each other, wide enough to read", async ({ as, ownServer }) => {
  const page = await as("tech1", await ownServer());
  for (const begin of ["09:00", "09:30", "09:30", "13:00"]) await add(page, unique("beside"), `${DAY}T${begin}`);
  await visit(page, `/planner?view=week&date=${DAY}`);
  const blocks = page.locator(`.planner-day[data-day="${DAY}"] .planner-block`);
  await expect(blocks).toHaveCount(4);
  const boxes = await Promise.all((await blocks.all()).map((block) => block.boundingBox()));
  const sides = boxes.map((box) => ({ left: box?.x ?? 0, right: (box?.x ?? 0) + (box?.width ?? 0) }));
  for (const { left, right } of sides) expect(right - left).toBeGreaterThan(112);
  const together = sides.slice(0, 3).sort((one, other) => one.left - other.left);
  for (const [at, { left }] of together.entries()) expect(left).toBeGreaterThanOrEqual(together[at - 1]?.right ?? 0);
  // What is alone has the day for itself.
  expect((sides[3]?.right ?? 0) - (sides[3]?.left ?? 0)).toBeGreaterThan(300);
  if (!hasScripts()) return;
  await expect(page.locator("[data-planner][data-ready]")).toBeVisible();
  await blocks.nth(0).locator(".planner-link").focus();
  await page.keyboard.press("ArrowDown");
  await expect(blocks.nth(1).locator(".planner-link")).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await expect(blocks.nth(0).locator(".planner-link")).toBeFocused();
});
