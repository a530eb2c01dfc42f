// What Palabre adds where scripts run. Every page works without: this only saves a reload, a text or a second press.
(() => {
  "use strict";
  const words = () => document.getElementById("live-words");
  const edited = new WeakSet(); // forms that somebody has typed in since the page came
  document.addEventListener("input", (e) => e.target.form && edited.add(e.target.form));

  function say(text, label, act) {
    words().textContent = text;
    if (!label) return;
    const box = document.createElement("div"), button = document.createElement("button"), p = document.createElement("p");
    box.className = "notice";
    button.className = "button-quiet slim";
    button.type = "button";
    p.textContent = text;
    button.textContent = label;
    button.onclick = () => { box.remove(); act(); };
    box.append(p, button);
    document.getElementById("messages").append(box);
    return box;
  }

  // -- live updates: the socket only says what has changed; the page then asks again under its reader's own rights
  const parts = () => [...document.querySelectorAll("[data-live]")];
  const offered = new Set();
  function busy(part) {
    const forms = [...part.querySelectorAll("form")], around = part.closest("form");
    return part.contains(document.activeElement) && document.activeElement.matches("input, textarea, select")
      || [around, ...forms].some((f) => f && edited.has(f));
  }
  async function refresh(part, force) {
    if (!force && busy(part)) {
      if (offered.has(part.id)) return;
      offered.add(part.id);
      say(words().dataset.changed, words().dataset.show, () => { offered.delete(part.id); refresh(document.getElementById(part.id), true); });
      return;
    }
    const answer = await fetch(part.dataset.liveUrl || location.href, { headers: { "Palabre-Live": "1" }, credentials: "same-origin" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(part.id), now = document.getElementById(part.id);
    if (!fresh || !now || fresh.innerHTML === now.innerHTML || (!force && busy(now))) return;
    const held = now.contains(document.activeElement) && document.activeElement.id;
    fresh.classList.add("fresh");
    now.replaceWith(document.adoptNode(fresh));
    if (held) document.getElementById(held)?.focus();
    window.htmx?.process(fresh);
    dress(fresh);
    words().textContent = "";
    setTimeout(() => { words().textContent = words().dataset.changed; }, 50);
  }
  function watch(attempt = 0) {
    const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/live/`);
    socket.onopen = () => {
      socket.send(JSON.stringify({ watch: [...new Set(parts().map((p) => p.dataset.live))] }));
      if (attempt) parts().forEach((p) => refresh(p).catch(() => {})); // what happened while the line was down
      attempt = 0;
    };
    socket.onmessage = (e) => {
      const { changed } = JSON.parse(e.data);
      parts().filter((p) => p.dataset.live === changed).forEach((p) => refresh(p).catch(() => {}));
    };
    socket.onclose = () => setTimeout(watch, Math.min(60, 2 ** attempt) * 1000 * (0.5 + Math.random()), attempt + 1);
  }

  // -- drafts: what one types stays in this browser until it has been sent
  function keepDraft(form) {
    const key = `draft:${form.dataset.draft}`;
    const fields = [...form.elements].filter((f) => f.name && f.matches("textarea, input[type=text], input:not([type])"));
    const saved = JSON.parse(localStorage.getItem(key) || "null");
    if (saved && fields.some((f) => saved[f.name] && saved[f.name] !== f.value)) {
      const box = say(words().dataset.found, words().dataset.restore, () => {
        fields.forEach((f) => { if (f.name in saved) f.value = saved[f.name]; });
        edited.add(form);
      });
      const forget = document.createElement("button");
      Object.assign(forget, { className: "button-quiet slim", type: "button", textContent: words().dataset.forget });
      forget.onclick = () => { localStorage.removeItem(key); box.remove(); };
      box.append(forget);
    }
    form.addEventListener("input", () => {
      localStorage.setItem(key, JSON.stringify(Object.fromEntries(fields.map((f) => [f.name, f.value]))));
    });
    form.addEventListener("submit", () => sessionStorage.setItem("sent", key));
  }
  // A draft is dropped only when the page after the sending has come, and is not the same form with errors.
  function dropSent() {
    const key = sessionStorage.getItem("sent");
    if (!key) return;
    sessionStorage.removeItem("sent");
    if (!document.querySelector(".error-summary, [data-refused]")) localStorage.removeItem(key);
  }

  // -- tables that turn into cards keep their roles, which `display: block` would take from them
  function dress(root) {
    const roles = { "table.cards": "table", "thead, tbody": "rowgroup", tr: "row", td: "cell", "thead th": "columnheader", "tbody th": "rowheader" };
    root.querySelectorAll("table.cards").forEach((table) => Object.entries(roles).forEach(([what, role]) =>
      (what === "table.cards" ? [table] : table.querySelectorAll(what)).forEach((e) => e.setAttribute("role", role))));
  }

  // -- menus close on Escape and on a press elsewhere
  const menus = () => document.querySelectorAll("details.menu[open]");
  document.addEventListener("keydown", (e) => e.key === "Escape" && menus().forEach((m) => {
    m.open = false;
    m.querySelector("summary").focus();
  }));
  document.addEventListener("click", (e) => menus().forEach((m) => { if (!m.contains(e.target)) m.open = false; }));

  // -- one press, one sending; the buttons come back when the reader comes back
  document.addEventListener("submit", (e) => setTimeout(() => {
    if (!e.defaultPrevented && e.target.method === "post") e.target.querySelectorAll("button").forEach((b) => { b.disabled = true; });
  }));
  addEventListener("pageshow", (e) => e.persisted && document.querySelectorAll("form button:disabled").forEach((b) => { b.disabled = false; }));

  document.addEventListener("DOMContentLoaded", () => {
    dropSent();
    dress(document);
    document.querySelectorAll("form[data-draft]").forEach(keepDraft);
    document.querySelector(".error-summary[tabindex]")?.focus();
    if (parts().length && "WebSocket" in window) watch();
  });
})();
