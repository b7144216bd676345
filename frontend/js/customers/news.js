import { make } from "../shared/dom.js";
import { fill } from "../shared/strings.js";

/**
 * Says that occurrences of the customer of this page were registered meanwhile. The rows stay where they are until the
 * reader asks for the new ones.
 * @param {HTMLElement} element
 */
export function news(element) {
  const source = new EventSource("/events?kinds=customer_occurrence");
  let count = 0;
  const tell = () => {
    const n = Math.max(count, 1);
    const words = fill((n === 1 ? element.dataset.one : element.dataset.several) ?? "{n}", { n: String(n) });
    const link = make("a", { class: "btn btn-sm", href: location.pathname }, [words]);
    element.replaceChildren(link);
    element.hidden = false;
  };
  source.addEventListener("change", ({ data }) => {
    const change = JSON.parse(data);
    if (change.customer !== element.dataset.news || change.what !== "created") return;
    count += 1;
    tell();
  });
  // Changes were missed: there may be some of this customer among them.
  source.addEventListener("reset", tell);
  addEventListener("pagehide", () => source.close());
}
