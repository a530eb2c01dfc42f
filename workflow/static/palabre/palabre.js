// What Palabre adds where scripts run; every page works without.
const all = (what, root = document) => [...root.querySelectorAll(what)];
const byId = (id) => document.getElementById(id);
const edited = new WeakSet();
addEventListener("input", (e) => e.target.form && edited.add(e.target.form));
// A slow line may bring this file when somebody has typed already. What Back puts there is no typing.
const back = performance.getEntriesByType("navigation")[0]?.type === "back_forward";
const early = (f) => !back && ((/^text/.test(f.type) && f.value !== f.defaultValue) || f.checked !== f.defaultChecked);
all("form").filter((form) => [...form.elements].some(early)).forEach((form) => edited.add(form));

function offer(text, ...buttons) {
  const box = document.createElement("div");
  box.className = "notice";
  box.append(Object.assign(document.createElement("p"), { textContent: text }), ...buttons.map(([label, act]) =>
    Object.assign(document.createElement("button"), {
      className: "button-quiet slim", type: "button", textContent: label, onclick: () => { box.remove(); act(); },
    })));
  byId("messages").append(box);
}

// Live: the socket only says what changed; the page asks again, under its reader's rights.
const live = () => all("[data-live]");
const waiting = new Set();
const busy = (part) => [part.closest("form"), ...all("form", part)].some((f) => f && (edited.has(f) ||
  (f.contains(document.activeElement) && document.activeElement.matches("input, textarea, select"))));
function swap(part, fresh) {
  const words = byId("live-words"), held = part.contains(document.activeElement) && document.activeElement.id;
  fresh.classList.add("fresh");
  part.replaceWith(fresh);
  if (held) byId(held)?.focus();
  window.htmx?.process(fresh);
  dress();
  words.textContent = "";
  setTimeout(() => { words.textContent = words.dataset.changed; }, 100);
}
async function refresh(parts) {
  const pages = new Map(), words = byId("live-words").dataset;
  for (const { id, dataset } of parts) {
    const url = dataset.liveUrl || location.href.split("#")[0];
    if (!pages.has(url)) {
      const answer = await fetch(url, { headers: { "Palabre-Live": "1" } });
      pages.set(url, answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html"));
    }
    const fresh = (pages.get(url) || new DocumentFragment()).getElementById(id), now = byId(id);
    if (!fresh || !now) continue;
    if (!busy(now)) swap(now, fresh);
    else if (!waiting.has(id)) {
      waiting.add(id);
      offer(words.changed, [words.show, () => location.reload()]);
    }
  }
}
const later = (error) => console.warn("not refreshed; the next change will be", error);
function watch(attempt) {
  const socket = new WebSocket(`${location.origin.replace("http", "ws")}/ws/live/`);
  socket.onopen = () => {
    socket.send(JSON.stringify({ watch: [...new Set(live().map((p) => p.dataset.live))] }));
    if (attempt) refresh(live()).catch(later); // missed meanwhile
    attempt = 0;
  };
  socket.onmessage = (e) => {
    const { changed } = JSON.parse(e.data);
    refresh(live().filter((p) => p.dataset.live === changed)).catch(later);
  };
  socket.onclose = () => setTimeout(watch, Math.min(60, 2 ** attempt) * (500 + 1000 * Math.random()), attempt + 1);
}

// Drafts stay in this browser until a page without an error answers.
function keep(form) {
  const key = `draft:${form.dataset.draft}`, words = byId("live-words").dataset;
  const fields = [...form.elements].filter((f) => f.name && /^text/.test(f.type));
  const saved = JSON.parse(localStorage.getItem(key)) || {};
  if (!form.dataset.merging && fields.some((f) => saved[f.name] && saved[f.name] !== f.value)) {
    offer(words.found, [words.restore, () => { fields.forEach((f) => { f.value = saved[f.name] ?? f.value; }); edited.add(form);
      form.dispatchEvent(new Event("input", { bubbles: true })); }],
      [words.forget, () => localStorage.removeItem(key)]);
  }
  const store = () => localStorage.setItem(key, JSON.stringify(Object.fromEntries(fields.map((f) => [f.name, f.value]))));
  form.addEventListener("input", store);
  if (fields.some(early)) store();
  form.addEventListener("submit", () => sessionStorage.setItem("sent", key));
}
function dropSent() {
  const key = sessionStorage.getItem("sent"), again = all("[data-draft]").some((f) => `draft:${f.dataset.draft}` === key);
  sessionStorage.removeItem("sent");
  if (key && !all(".error-summary, [data-refused]")[0] && (!again || all(".notice-success")[0])) localStorage.removeItem(key);
}

// `display: block` takes the roles of tables from them.
function dress() {
  Object.entries({ "": "table", " :is(thead, tbody)": "rowgroup", " tr": "row", " td": "cell", " [scope=col]": "columnheader",
    " [scope=row]": "rowheader" }).forEach(([what, role]) => all(`.cards${what}`).forEach((e) => { e.role = role; }));
}

const close = (menu) => { menu.open = false; };
const menus = () => all(".menu[open]");
addEventListener("click", (e) => menus().filter((m) => !m.contains(e.target)).forEach(close));
addEventListener("keydown", (e) => e.key === "Escape" && menus().forEach((m) => { close(m); m.firstElementChild.focus(); }));

// One press, one sending.
addEventListener("submit", (e) => setTimeout(() => {
  if (!e.defaultPrevented && e.target.method === "post") all("button", e.target).forEach((b) => { b.disabled = true; });
}));
addEventListener("pageshow", (e) => e.persisted && all("button:disabled").forEach((b) => { b.disabled = false; }));

dress();
all(".error-summary[tabindex]")[0]?.focus();
if (live().length) watch(0);
dropSent();
all("form[data-draft]").forEach(keep);
