// Beside a draft: words selected in the text fill the comment's quote, and a comment shows its words in the text.
// Without scripts one copies the words into the field, and reads the quote above each comment.
const text = document.querySelector("[data-quotable]");
const form = document.querySelector("#comment-here form");
const button = document.getElementById("quote-it");
const AROUND = 80; // characters kept before and after

// -- what is selected becomes the quote
function selected() {
  const chosen = getSelection();
  if (!text || !chosen.rangeCount || chosen.isCollapsed) return null;
  const range = chosen.getRangeAt(0);
  if (!text.contains(range.startContainer) || !text.contains(range.endContainer) || !range.toString().trim()) return null;
  const before = range.cloneRange(), after = range.cloneRange();
  before.setStart(text, 0);
  before.setEnd(range.startContainer, range.startOffset);
  after.setStart(range.endContainer, range.endOffset);
  after.setEnd(text, text.childNodes.length);
  return { quote: chosen.toString().trim(), before: before.toString().slice(-AROUND), after: after.toString().slice(0, AROUND) };
}
function quote(words) {
  const field = form.elements.quote;
  Object.entries({ ...words, quote: words.quote.slice(0, field.maxLength) }).forEach(([name, value]) => { form.elements[name].value = value; });
  form.dispatchEvent(new Event("input", { bubbles: true }));
  form.closest("details").open = true;
  form.elements.comment.focus();
  form.scrollIntoView({ block: "nearest" });
}
if (form?.elements.quote) {
  let chosen = null;
  const look = () => {
    const now = selected();
    if (now) chosen = now;
    button.hidden = !now;
  };
  document.addEventListener("selectionchange", look);
  look(); // a slow line may bring this file when words are selected already
  button.addEventListener("pointerdown", (e) => e.preventDefault()); // the selection stays until the press is done
  button.addEventListener("click", () => { button.hidden = true; if (chosen) quote(chosen); });
  // Words typed or pasted in by hand have no surroundings that we know: not even if this file came later than they did.
  const back = performance.getEntriesByType("navigation")[0]?.type === "back_forward"; // puts back what it had
  const { before, after, quote: words } = form.elements;
  const alone = () => { before.value = after.value = ""; };
  words.addEventListener("input", (e) => e.isTrusted && alone());
  if (!back && words.value !== words.defaultValue) alone();
}

// -- a comment's words are marked in the text, where the browser can do so without changing it
function marks() {
  const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT), places = [];
  let all = "";
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    for (let at = 0; at < node.length; at++) {
      const space = /\s/.test(node.data[at]);
      if (space && all.endsWith(" ")) continue;
      all += space ? " " : node.data[at];
      places.push([node, at]);
    }
  }
  return { all, places };
}
const smooth = (words) => words.replace(/\s+/g, " ");
function find({ textContent, dataset }) {
  const { all, places } = marks(), words = smooth(textContent).trim();
  const exact = all.indexOf(smooth(dataset.before + textContent));
  const start = exact < 0 ? all.indexOf(words) : exact + smooth(dataset.before).length;
  if (start < 0 || !words) return null;
  const range = new Range(), [from, at] = places[start], [to, end] = places[start + words.length - 1];
  range.setStart(from, at);
  range.setEnd(to, end + 1);
  return range;
}
function show(e) {
  const words = e.target.closest?.("[data-quote]");
  if (!words || !text || !CSS.highlights) return;
  const range = find(words);
  CSS.highlights.delete("quoted");
  if (!range) return;
  CSS.highlights.set("quoted", new Highlight(range));
  if (e.type === "click") range.startContainer.parentElement.scrollIntoView({ block: "center", behavior: "smooth" });
}
["pointerover", "focusin", "click"].forEach((name) => document.getElementById("threads")?.parentElement.addEventListener(name, show));
