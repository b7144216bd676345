// The survey after closing: a supervisor closes, the requester answers with one click and a sentence, the agent reads it.
import { set } from "../fixtures/desk.ts";
import { expect, seesNothing, test, visit } from "../fixtures/test.ts";
import { unique, word } from "../fixtures/words.ts";

/** A solved ticket of Ana Souza; each test has a desk of its own. */
const TICKET = 22;

test("t_srv a closed request asks, is answered, and agents read it", { tag: "@pair" }, async ({ as, guard, ownServer }) => {
  test.slow();
  const comment = unique("Fast");
  const desk = await ownServer();
  await set(desk, "survey.enabled", true);
  const [agent, requester] = [await as("supervisor1", desk), await as("requester1", desk)];

  await test.step("the ticket is closed", async () => {
    await visit(agent, `/tickets/${TICKET}/do/close`);
    await agent.locator("form.card button.btn-primary[type=submit]").click();
    await expect(agent).toHaveURL(new RegExp(`/tickets/${TICKET}$`));
  });

  await test.step("the request asks, and one click leads to the form", async () => {
    await visit(requester, `/requests/${TICKET}`);
    await requester.getByRole("link", { name: word("en", "requests.survey_score", { score: "4" }), exact: true }).click();
    await expect(requester.getByRole("heading", { level: 1 })).toHaveText(word("en", "survey.title"));
    await expect(requester.locator('[name="form[score]"][value="4"]')).toBeChecked();
    await requester.locator('[name="form[comment]"]').fill(comment);
    await requester.locator("form.form button[type=submit]").click();
    await expect(requester.locator(".banner[data-tone=done]")).toBeVisible();
    await expect(requester.locator('[name="form[comment]"]')).toHaveValue(comment);
  });

  await test.step("the agent reads it", async () => {
    await visit(agent, `/tickets/${TICKET}/survey`);
    await expect(agent.locator("main")).toContainText(comment);
    await expect(agent.locator("main")).toContainText(word("en", "survey.score_of", { score: "4" }));
  });

  await test.step("and nobody else", async () => {
    await seesNothing(await as("requester2", desk), guard, `/requests/${TICKET}/survey`);
  });
});
