// The editor keeps what is typed: on the server every few seconds, in this browser always (palabre.js); and says that
// somebody has the section open. Without scripts the form is saved by its button, and a stale text is merged all the same.
const form = document.querySelector("[data-writing]"), kept = document.getElementById("kept");
const SOON = 2500, OPEN = 25000; // ms: after the last key; between two signs of life
const token = form.elements.csrfmiddlewaretoken.value;
// What the server has: at first what it gave, and not what stands there when a slow line brings this file: somebody may
// have typed already. Only what the browser itself puts back (Back) is no typing.
const fields = [form.elements.body, form.elements.note];
const typed = () => JSON.stringify(fields.map((f) => f.value));
const back = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
let dirty = false, sending = false, over = false, timer = 0;
let known = back ? typed() : JSON.stringify(fields.map((f) => f.defaultValue));

const say = (words) => { if (kept.textContent !== words) kept.textContent = words; };
function data(withText, more = {}) {
  const told = new FormData();
  for (const name of ["csrfmiddlewaretoken", ...(withText ? ["body", "note", "base"] : [])]) told.set(name, form.elements[name].value);
  Object.entries(more).forEach(([name, value]) => told.set(name, value));
  return told;
}

async function tell() {
  if (sending || over) return;
  sending = true;
  const text = typed(), withText = dirty || text !== known; // it may have been put back (palabre.js)
  dirty = false;
  try {
    const answer = await fetch(form.dataset.writing, { method: "POST", body: data(withText), headers: { "X-CSRFToken": token } });
    await answer.text(); // what is not read keeps the line busy
    if (withText) say(answer.ok && !answer.redirected ? kept.dataset.kept : kept.dataset.notKept);
    if (answer.status === 429 || answer.status >= 500) throw new Error(answer.status);
    known = text;
  } catch {
    dirty ||= withText;
    if (dirty) say(kept.dataset.offline);
  } finally {
    sending = false;
    if (dirty) later();
  }
}
const later = () => { clearTimeout(timer); timer = setTimeout(tell, SOON); };

form.addEventListener("input", () => { dirty = true; later(); });
form.addEventListener("submit", () => { over = true; clearTimeout(timer); });
setInterval(tell, OPEN);
addEventListener("online", tell);
addEventListener("pageshow", (e) => { if (e.persisted) { over = false; tell(); } });
// Closed, left or put aside: the last keys are sent along, and others see that nobody is at work any more.
addEventListener("pagehide", () => over || navigator.sendBeacon(form.dataset.writing, data(dirty || typed() !== known, { leaving: "yes" })));
tell();
