// The main job as one story, in two languages: an agent registers private and public occurrences; the requester
// sees exactly the public ones; nobody else sees anything.
import { composer, entry, follow, idOf, register, write, yesterday } from "../fixtures/occurrences.ts";
import { expect, hydrated, seesNothing, test, visit } from "../fixtures/test.ts";
import { type Lang, unique, withoutAccents, word } from "../fixtures/words.ts";

interface Story {
  lang: Lang;
  agent: string;
  agentName: string;
  ticket: number;
  title: string;
  requester: string;
  stranger: string;
  /** A word with accents that both languages could hold. */
  base: string;
  tags: string[];
}

// Each project tells the story once; each language is told with scripts and without, at a desk and on a phone.
const STORIES: Story[] = [
  { lang: "en", agent: "tech1", agentName: "Tom Silva", ticket: 1, title: "VPN drops every ten minutes", requester: "requester1", stranger: "requester2", base: "café", tags: ["@not-desktop-nojs", "@not-phone"] },
  { lang: "pt-BR", agent: "tech2", agentName: "Marina Costa", ticket: 28, title: "VPN não conecta no notebook novo", requester: "requester2", stranger: "requester1", base: "ligação", tags: ["@not-desktop", "@not-phone-nojs"] },
];

for (const story of STORIES) {
  test(`${story.agent} registers occurrences and ${story.requester} sees the public ones, ${story.lang}`, { tag: story.tags }, async ({ page, as, signIn, guard }) => {
    test.slow();
    const { lang, ticket } = story;
    const [open, secret, gone, changed] = [unique(story.base), unique("segredo"), unique("apagado"), unique("corrigido")];
    const image = "graph.png";
    await signIn(page, story.agent);

    await test.step("finds the ticket in the list", async () => {
      await visit(page, "/tickets?status=all&text=VPN");
      await expect(page.locator("html")).toHaveAttribute("lang", lang);
      await page.locator(`a.row-title[href="/tickets/${ticket}"]`).click();
      await expect(page).toHaveURL(new RegExp(`/tickets/${ticket}$`));
      await expect(page.getByRole("heading", { level: 1 })).toContainText(story.title);
      await hydrated(page);
    });

    await test.step("registers a private and two public ones with date, 1h30 and an image", async () => {
      const details = { minutes: "1h30", occurredAt: yesterday(), image };
      const hidden = await register(page, ticket, { text: `Note ${secret}`, visibility: "private", ...details });
      await expect(hidden).toHaveClass(/(^| )private( |$)/);
      await expect(hidden).toContainText(word(lang, "common.private"));
      await expect(hidden.locator("footer.entry-foot")).toContainText(/1\s*h\s*30/);
      const shown = await register(page, ticket, { text: `Note ${open}`, visibility: "public", ...details });
      await expect(shown).not.toHaveClass(/(^| )private( |$)/);
      await expect(shown.locator("footer.entry-foot")).toContainText(/1\s*h\s*30/);
      const picture = shown.locator(`img[alt="${image}"]`);
      await expect(picture).toBeVisible();
      await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(48);
      await register(page, ticket, { text: `Note ${gone}`, visibility: "public" });
      await expect(composer(page).locator('textarea[name="form[body]"]')).toHaveValue("");
    });

    const secretImage = (await entry(page, secret).locator(`img[alt="${image}"]`).getAttribute("src")) ?? "";

    await test.step("the requester sees only the public ones", async () => {
      const requester = await as(story.requester);
      await visit(requester, `/requests/${ticket}`);
      await expect(entry(requester, open)).toBeVisible();
      await expect(entry(requester, gone)).toBeVisible();
      await expect(entry(requester, open).locator(`img[alt="${image}"]`)).toBeVisible();
      await expect(entry(requester, open)).not.toContainText(/1\s*h\s*30/);
      for (const path of [`/requests/${ticket}`, `/requests/${ticket}/history`, "/requests"]) {
        const answer = await visit(requester, path);
        expect(await answer.text(), path).not.toContain(secret);
        expect(await requester.content(), path).not.toContain(secret);
      }
      await seesNothing(requester, guard, secretImage);
      // The address of the agents' page leads him to his own.
      await requester.goto(`/tickets/${ticket}`);
      await expect(requester).toHaveURL(new RegExp(`/requests/${ticket}$`));
    });

    await test.step("edits the public one: the difference stands in the revisions", async () => {
      await visit(page, `/tickets/${ticket}`);
      await follow(page, entry(page, open), "edit");
      const form = page.locator('form[action$="/edit_occurrence"]');
      await write(form, `Note ${open} ${changed}`);
      await form.locator("button.btn-primary[type=submit]").click();
      await expect(entry(page, changed)).toBeVisible();
      await hydrated(page);
      await follow(page, entry(page, changed), "revisions");
      await expect(page.locator(".diff ins").filter({ hasText: changed })).toBeVisible();
    });

    await test.step("removes another: a tombstone stays", async () => {
      await visit(page, `/tickets/${ticket}`);
      const id = await idOf(entry(page, gone));
      await follow(page, entry(page, gone), "remove");
      const form = page.locator('form[action$="/remove_occurrence"]');
      await form.locator('[name="form[reason]"]').fill("Wrong ticket");
      await form.locator("button.btn-error[type=submit]").click();
      const stone = page.locator(`li.tombstone[id="occurrence-${id}"]`);
      await expect(stone).toContainText(story.agentName);
      await expect(page.locator("main")).not.toContainText(gone);
      const requester = await as(story.requester);
      await visit(requester, `/requests/${ticket}`);
      await expect(requester.locator(`li.tombstone[id="occurrence-${id}"]`)).toContainText(word(lang, "requests.entry_removed"));
      await expect(requester.locator("main")).not.toContainText(gone);
      await expect(entry(requester, changed)).toBeVisible();
    });

    await test.step("finds the ticket by a word without its accent", async () => {
      await visit(page, "/search");
      const box = page.locator('form.search-head input[name="q"]');
      await box.fill(withoutAccents(open));
      await box.press("Enter");
      await expect(page).toHaveURL(/[?&]q=/);
      await expect(page.locator(`ol.results a[href^="/tickets/${ticket}"]`).first()).toBeVisible();
      await expect(page.locator("ol.results mark").first()).toContainText(open);
      await visit(page, `/tickets/${ticket}?find=${withoutAccents(open)}`);
      await expect(entry(page, open)).toBeVisible();
      await expect(page.locator("ol.timeline")).not.toContainText(secret);
    });

    await test.step("a stranger gets Not found", async () => {
      const stranger = await as(story.stranger);
      await seesNothing(stranger, guard, `/requests/${ticket}`);
      await expect(stranger.getByRole("heading", { level: 1 })).toBeVisible();
      expect(await stranger.content()).not.toContain(open);
      await seesNothing(stranger, guard, `/requests/${ticket}/history`);
      await seesNothing(stranger, guard, secretImage);
    });
  });
}
