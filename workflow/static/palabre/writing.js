// The editor keeps what is typed: on the server every few seconds, in the browser always (palabre.js), and says who
// else is at work. Without scripts the form is saved by its button, and a stale text is merged all the same.
const form = document.querySelector("[data-writing]");
const kept = document.getElementById("kept"), atWork = document.getElementById("at-work");
let dirty = false, sending = false;
form.addEventListener("input", () => { dirty = true; });

async function keep() {
  if (sending) return;
  sending = true;
  const wasDirty = dirty;
  dirty = false;
  try {
    const answer = await fetch(form.dataset.writing, { method: "POST", body: new FormData(form), headers: { "Palabre-Live": "1" } });
    if (!answer.ok) throw new Error(answer.status);
    const { number, at_work: others } = await answer.json();
    if (wasDirty) kept.textContent = kept.dataset.kept;
    if (number > Number(form.dataset.number)) kept.textContent = kept.dataset.newer;
    atWork.hidden = !others.length;
    if (others.length) atWork.textContent = `${atWork.dataset.words} ${others.join(", ")}`;
  } catch {
    dirty = dirty || wasDirty;
    kept.textContent = kept.dataset.offline;
  } finally {
    sending = false;
  }
}
setInterval(() => dirty && keep(), 4000);
setInterval(keep, 20000);
addEventListener("pagehide", () => dirty && navigator.sendBeacon(form.dataset.writing, new FormData(form)));
addEventListener("online", () => dirty && keep());
