"use strict";

const page = document.getElementById("page");
const at = id => document.getElementById(id);
const pageSize = 25;
const columns = [
  { order: "number", title: "trial", value: trial => link(address("trial", trial.id), `${trial.id}`, `trial-${trial.id}`) },
  { order: "stage", title: "stage", text: true, value: trial => trial.stage },
  { order: "option", title: "option", text: true, value: trial => trial.option },
  { order: "task", title: "task", text: true, value: trial => trial.task },
  { order: "state", title: "state", text: true, value: trial => stateText(trial.state) },
  { order: "score", title: "score", value: trial => points(trial.score) },
  { order: "trained", title: "trained", value: trial => whole(trial.trained) },
  { order: "epochs", title: "epochs", value: trial => trial.epochs },
  { order: "seconds", title: "seconds", value: trial => trial.seconds?.toFixed(1) ?? "–" },
  { order: "ended", title: "ended", value: trial => trial.ended == null ? "–" : new Date(trial.ended).toLocaleTimeString("en-GB") },
  { title: "settings or failure", text: true, wide: true, value: trial => trial.failure ?? [trial.learningRate == null ? null : `learning rate ${trial.learningRate}`, trial.settings].filter(Boolean).join(", ") },
];

let store = 0, state = null, result = null, events = null, shownChanges = null, asked = null;
// what the list of trials shows
const filter = { stage: "", option: "", task: "", state: "", text: "", order: "ended", descending: true, skip: 0 };
const marked = new Map();

const address = (...parts) => `#/${[store, ...parts].join("/")}`;

// a part that is drawn anew while someone is in it keeps its focus
function put(container, ...parts) {
  const key = container.contains(document.activeElement) ? document.activeElement.dataset.key : null;
  container.replaceChildren(...parts);
  if (key) container.querySelector(`[data-key="${CSS.escape(key)}"]`)?.focus({ preventScroll: true });
}

function say(text) { if (at("told").textContent !== text) at("told").textContent = text; }

async function get(path, options) {
  const answer = await fetch(`/stores/${store}/${path}`, options);
  if (!answer.ok) throw new Error((await answer.text()).trim() || `the server answered with ${answer.status}`);
  return answer.json();
}

async function ask(what) {
  try {
    const answer = await fetch(`/stores/${store}/${what}`, { method: "POST" });
    asked = answer.ok ? null : (await answer.text()).trim().replace(/^"|"$/g, "");
  } catch {
    asked = "The dashboard does not answer.";
  }
  status();
}

const buttons = {};
function makeButtons() {
  const make = (name, text, act) => { const made = element("button", { type: "button" }, text); made.addEventListener("click", act); buttons[name] = made; return made; };
  const minutes = element("input", { type: "number", id: "minutes", min: "1", max: "10080", value: "10", style: "width: 5.5rem" });
  buttons.minutes = minutes;
  at("buttons").append(
    make("start", "Start", () => ask("start")),
    make("pause", "Pause", () => ask(state?.isPaused ? "continue" : "pause")),
    make("stop", "Stop", () => confirm("Stop the search? What has finished is kept, and the search can be started again.") && ask("stop")),
    make("more", "More time", () => ask(`more-time?minutes=${encodeURIComponent(minutes.value)}`)),
    element("label", { for: "minutes", class: "visually-hidden" }, "Minutes of more time"), minutes, element("span", { class: "note" }, " minutes"));
}

function status() {
  const line = at("status"), running = state?.isRunning ?? false;
  const text = state == null ? "Waiting for the dashboard" : state.isStopping ? "Stopping: running trials are put back" : running && state.isPaused ? `Paused${state.running.length > 0 ? `; ${plural(state.running.length, "running trial")} will finish` : ""}` : running ? "Running" : result?.isComplete ? "Finished" : "Not running";
  if (line.textContent !== text) line.textContent = text;
  line.className = running ? (state.isPaused ? "paused" : "running") : "";
  buttons.start.disabled = running || state?.startObstacle != null;
  buttons.pause.disabled = !running || state.isStopping;
  buttons.pause.textContent = running && state.isPaused ? "Continue" : "Pause";
  buttons.stop.disabled = !running || state.isStopping;
  buttons.more.disabled = buttons.minutes.disabled = state?.limit == null;
  const limit = state == null ? null : state.limit == null ? "The study has no limit in time." : `The limit is ${state.limit}${state.extraMinutes > 0 ? ` and ${plural(Math.round(state.extraMinutes), "further minute")}` : ""}.`;
  say([asked, state?.failure, running || result?.isComplete ? null : state?.startObstacle, limit].filter(Boolean).join(" "));
}

function header() {
  at("study").textContent = state?.study ?? "No study yet";
  document.title = `${state?.study ?? "Spindle"} – Spindle dashboard`;
  at("facts").textContent = state == null ? "" : `${state.facts} ${state.tasks.join(", ")}`;
}

// the overview

function overview() {
  page.replaceChildren(
    panel("now", "Now", element("progress", { id: "bar", "aria-label": "Finished trials", max: "1", value: "0" }), element("div", { id: "tiles" }), element("div", { id: "stage-table" })),
    panel("best", "The best so far", element("div", { id: "answer" }), element("div", { id: "leader-figure" })),
    panel("running", "Running trials", element("ul", { class: "cards", id: "cards" }), element("p", { class: "note", id: "idle" })),
    panel("trials", "Trials", filters(), element("p", { class: "visually-hidden", role: "status", id: "found" }), element("div", { class: "pages", id: "pages" }), element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "The trials", id: "rows" })));
  showState();
  showResult();
  load();
}

function showState() {
  header();
  status();
  if (!at("tiles") || state == null) return;
  const progress = state.progress;
  at("bar").max = Math.max(1, progress?.trials ?? 1);
  at("bar").value = progress?.done ?? 0;
  put(at("tiles"), tiles([
    ["trials so far", progress == null ? "–" : `${whole(progress.done)} of ${whole(progress.trials)}`], ["running", whole(state.running.length)], ["rows per second", whole(progress?.rowsPerSecond)],
    ["left for these trials", progress?.secondsLeft == null ? "–" : duration(progress.secondsLeft)], ["could not be run", whole(progress?.failed ?? 0)],
  ]));
  const key = JSON.stringify(state.stages);
  if (at("stage-table").dataset.shown !== key) {
    at("stage-table").dataset.shown = key;
    put(at("stage-table"), ...state.stages.length > 0 ? [stageTable(state.stages)] : []);
    fillFilters();
  }
  put(at("cards"), ...state.running.slice(0, 12).map(trial => runningCard(trial, address("trial", trial.id))));
  at("idle").textContent = state.running.length === 0 ? "No trial runs now." : state.running.length > 12 ? `And ${plural(state.running.length - 12, "further trial")}.` : "";
  if (state.changes !== shownChanges) reload();
}

function showResult() {
  if (!at("answer")) return;
  const key = JSON.stringify(result);
  if (at("answer").dataset.shown === key) return;
  at("answer").dataset.shown = key;
  at("best-title").textContent = result?.isComplete ? "What to use" : "The best so far";
  put(at("answer"), element("div", { class: "answer" }, ...(result?.answer.length ? result.answer : ["No result yet."]).map(text => element("p", {}, text))),
    ...(result?.warnings ?? []).map(text => element("p", { class: "warning" }, `Warning: ${text}`)), ...(result?.notes ?? []).map(text => note(text)),
    element("p", {}, element("a", { href: `/stores/${store}/report` }, "The whole report")));
  const stage = result?.stages.at(-1);
  put(at("leader-figure"), ...stage ? [stageFigure(stage)] : []);
}

// the list of trials

function filters() {
  const form = element("form", { class: "filters", role: "search", "aria-label": "Trials" });
  const choose = (name, title) => element("label", {}, title, element("select", { id: `filter-${name}`, name }));
  const text = element("input", { type: "search", id: "filter-text", name: "text", value: filter.text, placeholder: "option, settings, failure…" });
  const compare = element("button", { type: "button", id: "compare" }, "Compare two trials");
  compare.addEventListener("click", () => { location.hash = address("compare", ...marked.keys()); });
  form.append(choose("stage", "Stage"), choose("option", "Option"), choose("task", "Task"), choose("state", "State"), element("label", {}, "Text", text), element("label", {}, "Mark two in the list", compare));
  form.addEventListener("submit", event => event.preventDefault());
  let typing = 0;
  form.addEventListener("input", event => {
    if (!(event.target.name in filter)) return;
    filter[event.target.name] = event.target.value;
    filter.skip = 0;
    clearTimeout(typing);
    isAsked = true;
    typing = setTimeout(load, event.target.name === "text" ? 150 : 0);
    if (event.target.name === "stage") fillFilters();
  });
  setTimeout(fillFilters);
  return form;
}

function fillFilters() {
  if (!at("filter-stage") || state == null) return;
  const options = state.stages.filter(stage => !filter.stage || stage.name === filter.stage).flatMap(stage => stage.options);
  const values = { stage: state.stages.map(stage => stage.name), option: [...new Set(options)].slice(0, 1000), task: state.tasks, state: ["pending", "running", "completed", "diverged", "failed"] };
  for (const [name, texts] of Object.entries(values)) {
    const select = at(`filter-${name}`);
    if (filter[name] && !texts.includes(filter[name])) texts.push(filter[name]);
    select.replaceChildren(element("option", { value: "" }, "all"), ...texts.map(text => element("option", { value: text }, text)));
    select.value = filter[name];
  }
}

let loading = null, again = 0, isAsked = false;
// while trials end, the list is read once a second at most
function reload() {
  again ||= setTimeout(() => { again = 0; load(); }, 700);
}

async function load() {
  if (!at("rows") || state == null) return;
  loading?.abort();
  const own = loading = new AbortController();
  const query = new URLSearchParams({ order: filter.order, descending: filter.descending, skip: filter.skip, take: pageSize });
  for (const name of ["stage", "option", "task", "state", "text"]) if (filter[name]) query.set(name, filter[name]);
  try {
    const changes = state.changes, found = await get(`trials?${query}`, { signal: own.signal });
    if (own !== loading || !at("rows")) return;
    shownChanges = changes;
    showTrials(found);
  } catch (fault) {
    if (fault.name !== "AbortError" && at("rows")) at("rows").replaceChildren(element("p", { class: "warning" }, `The trials cannot be read: ${fault.message}`));
  }
}

function showTrials(found) {
  const head = columns.map(column => {
    const made = element("th", { scope: "col", ...column.text ? { class: "text" } : {} });
    if (!column.order) { made.append(column.title); return made; }
    const isSorted = filter.order === column.order, button = element("button", { type: "button", "data-key": `by-${column.order}` }, column.title + (isSorted ? (filter.descending ? " ↓" : " ↑") : ""));
    if (isSorted) made.setAttribute("aria-sort", filter.descending ? "descending" : "ascending");
    button.addEventListener("click", () => { filter.descending = isSorted ? !filter.descending : !column.text; filter.order = column.order; filter.skip = 0; load(); });
    made.append(button);
    return made;
  });
  const rows = found.trials.map(trial => {
    const mark = element("input", { type: "checkbox", "aria-label": `Mark trial ${trial.id}`, "data-key": `mark-${trial.id}` });
    mark.checked = marked.has(trial.id);
    mark.addEventListener("change", () => {
      if (mark.checked) marked.set(trial.id, true); else marked.delete(trial.id);
      // of three, the first goes
      if (marked.size > 2) { const first = marked.keys().next().value; marked.delete(first); const box = page.querySelector(`[data-key="mark-${first}"]`); if (box) box.checked = false; }
      comparable();
    });
    return element("tr", {}, element("td", {}, mark), ...columns.map(column => element("td", { class: [column.text ? "text" : "", column.wide ? "wide" : ""].join(" ").trim() }, column.value(trial))));
  });
  put(at("rows"), element("table", { class: "list" }, element("caption", { class: "visually-hidden" }, "The trials that pass the filters"), element("thead", {}, element("tr", {}, element("th", { scope: "col" }, element("span", { class: "visually-hidden" }, "mark")), ...head)), element("tbody", {}, ...rows)));
  const turn = (text, key, skip, isPossible) => { const made = element("button", { type: "button", "data-key": key }, text); made.disabled = !isPossible; made.addEventListener("click", () => { filter.skip = Math.max(0, skip); load(); }); return made; };
  const last = Math.floor(Math.max(0, found.count - 1) / pageSize) * pageSize;
  const shown = found.count === 0 ? "No trial passes the filters." : `${whole(filter.skip + 1)} to ${whole(filter.skip + found.trials.length)} of ${plural(found.count, "trial")}`;
  // only to who has asked for others
  if (isAsked) at("found").textContent = shown;
  isAsked = false;
  put(at("pages"), element("p", {}, shown),
    turn("First", "first", 0, filter.skip > 0), turn("Previous", "previous", filter.skip - pageSize, filter.skip > 0), turn("Next", "next", filter.skip + pageSize, filter.skip < last), turn("Last", "last", last, filter.skip < last));
  comparable();
}

function comparable() {
  at("compare").disabled = marked.size !== 2;
  at("compare").textContent = marked.size === 2 ? `Compare ${[...marked.keys()].join(" and ")}` : "Compare two trials";
}

// the page of a trial, and of two

async function alone(ids) {
  const here = location.hash;
  page.replaceChildren(note("Reading…"));
  try {
    const views = await Promise.all(ids.map(id => get(`trials/${id}`)));
    if (location.hash !== here) return;
    const title = ids.length === 1 ? `Trial ${views[0].id}: ${views[0].key}` : `Trials ${ids.join(" and ")}`;
    page.replaceChildren(element("p", {}, link(address(), "← All trials")), element("h2", { class: "first" }, title), ...ids.length === 1 ? trialParts(views[0]) : comparisonParts(...views));
    if (views.length === 1 && (views[0].state === "running" || views[0].state === "pending")) following = views[0].id;
  } catch (fault) {
    if (location.hash === here) page.replaceChildren(element("p", {}, link(address(), "← All trials")), element("p", { class: "warning" }, `This trial cannot be shown: ${fault.message}`));
  }
}

// a trial that runs is drawn anew when it has ended, its curve every few seconds
let following = null, followed = 0;
function follow() {
  if (following == null || document.hidden) return;
  const runs = state.running.some(trial => trial.id === following);
  if (runs && Date.now() - followed < 3000) return;
  followed = Date.now();
  get(`trials/${following}`).then(view => {
    if (following !== view.id) return;
    put(page, element("p", {}, link(address(), "← All trials", "back")), element("h2", { class: "first" }, `Trial ${view.id}: ${view.key}`), ...trialParts(view));
    if (view.state !== "running" && view.state !== "pending") following = null;
  }).catch(() => {});
}

function route() {
  const [, chosen, what, ...ids] = location.hash.split("/");
  const number = /^\d+$/.test(chosen ?? "") ? Number(chosen) : 0;
  const numbers = ids.filter(id => /^\d+$/.test(id)).map(Number);
  if (events == null || number !== store) connect(number);
  following = null;
  savedAs = state?.study ?? "spindle";
  if (what === "trial" && numbers.length === 1) alone(numbers);
  else if (what === "compare" && numbers.length === 2) alone(numbers);
  else overview();
}

function connect(number) {
  events?.close();
  [store, state, result, shownChanges, asked] = [number, null, null, null, null];
  marked.clear();
  Object.assign(filter, { stage: "", option: "", task: "", state: "", text: "", skip: 0 });
  at("store").value = `${number}`;
  events = new EventSource(`/stores/${number}/events`);
  events.addEventListener("state", event => {
    const isFirst = state == null;
    state = JSON.parse(event.data);
    savedAs = state.study ?? "spindle";
    document.body.classList.remove("lost");
    if (asked === lost) asked = null;
    showState();
    if (isFirst) load();
    follow();
  });
  events.addEventListener("result", event => { result = JSON.parse(event.data); showResult(); status(); });
  events.addEventListener("error", () => { asked = lost; status(); });
}
const lost = "The dashboard does not answer: it was ended, or the network is gone. What you see is the last state.";

async function begin() {
  makeButtons();
  const stores = await (await fetch("/stores")).json();
  at("choice").hidden = stores.length < 2;
  at("store").replaceChildren(...stores.map(one => element("option", { value: `${one.number}` }, one.name)));
  at("store").addEventListener("change", event => { location.hash = `#/${event.target.value}`; });
  addEventListener("hashchange", () => { route(); page.focus({ preventScroll: true }); scrollTo(0, 0); });
  route();
}

begin();
