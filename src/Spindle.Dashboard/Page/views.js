"use strict";

// what the dashboard draws, from the data of the server; everything from a store is set as text

const stateText = state => element("span", { class: `state ${/^\w+$/.test(state) ? state : ""}` }, String(state));
const link = (address, text, key) => element("a", key ? { href: address, "data-key": key } : { href: address }, text);

function panel(id, title, ...children) {
  return element("section", { id, "aria-labelledby": `${id}-title` }, element("h2", { id: `${id}-title` }, title), ...children);
}

function tiles(values) {
  return element("ul", { class: "tiles" }, ...values.map(([name, value]) => element("li", {}, element("strong", {}, value), element("span", {}, name))));
}

// a small curve, and a sentence for those who do not see it
function smallCurve(description, x, y, mark) {
  const svg = Plot.plot({ width: 320, height: 130, marginTop: 25, marginLeft: 45, marginRight: 15, marginBottom: 30, style: { background: "transparent", fontSize: "12px" }, x, y: { grid: true, ticks: 3, nice: true, ...y }, marks: [mark] });
  svg.setAttribute("role", "img");
  svg.setAttribute("aria-label", description);
  for (const part of svg.querySelectorAll("[aria-label], [aria-hidden]")) { part.removeAttribute("aria-label"); part.removeAttribute("aria-hidden"); }
  return svg;
}

function lossCurve(losses, title) {
  if (losses.length < 2) return note("No curve yet.");
  return smallCurve(`${title}: the training loss is ${losses.at(-1).loss.toPrecision(3)} after ${whole(losses.at(-1).examples)} rows, and was ${losses[0].loss.toPrecision(3)} at first`,
    { label: "rows", tickFormat: "~s", ticks: 4 }, { label: "loss" }, Plot.line(losses, { x: "examples", y: "loss", stroke: "var(--first)", strokeWidth: 2 }));
}

const byEpoch = scores => scores.map((score, index) => ({ epoch: index + 1, points: score }));

// nothing where no epoch was scored yet; one score is no curve
function scoreCurve(scores, title) {
  if (scores.length === 0) return [];
  const last = `${points(scores.at(-1))} points after ${plural(scores.length, "epoch")}`;
  if (scores.length === 1) return [note(last)];
  return [smallCurve(`${title}: ${last}, and ${points(scores[0])} after the first`, { label: "epochs", tickFormat: "d", ticks: Math.min(4, scores.length - 1) }, { label: "points" },
    Plot.line(byEpoch(scores), { x: "epoch", y: "points", stroke: "var(--second)", strokeWidth: 2, marker: true }))];
}

function runningCard(trial, address) {
  return element("li", {}, element("p", {}, link(address, trial.key, `running-${trial.id}`)),
    element("p", { class: "note" }, `${whole(trial.examples)} rows${trial.started ? `, ${duration(Math.max(0, (Date.now() - Date.parse(trial.started)) / 1000))}` : ""}, ${trial.worker ?? "no worker"}`), lossCurve(trial.losses, trial.key), ...scoreCurve(trial.epochScores, trial.key));
}

function stageFigure(stage) {
  const names = stage.options.map(option => option.name), sure = stage.isDecided ? (stage.chosen == null ? "It is decided." : `Chosen: ${stage.chosen}.`) : "It is not decided.";
  return figure("leaders", stage.name, `${sure} Dots are means over ${stage.sample}s and tasks, lines their 95% intervals${stage.options.some(option => option.lower != null) ? "" : `, which need two ${stage.sample}s at least`}.${stage.hidden > 0 ? ` ${plural(stage.hidden, "further option")} with lower means ${stage.hidden === 1 ? "is" : "are"} not drawn.` : ""}`, stage.options, {
    marginLeft: leftMargin(names), x: { label: "points", grid: true, nice: true }, y: { label: null, domain: names }, height: 60 + 26 * names.length,
    marks: [
      Plot.ruleY(stage.options.filter(option => option.lower != null), { y: "name", x1: "lower", x2: "upper", stroke: "var(--first)", strokeWidth: 2 }),
      Plot.dot(stage.options, { y: "name", x: "mean", fill: option => option.isChosen ? "var(--second)" : "var(--first)", r: 5, title: option => `${option.name}: ${points(option.mean)} points` }),
    ],
  });
}

const stageTable = stages => table("The stages so far", [
  { title: "stage", text: true, value: stage => stage.name }, { title: "finished", value: stage => whole(stage.done) }, { title: "trials", value: stage => whole(stage.trials) },
  { title: "chosen", text: true, value: stage => stage.isDecided ? stage.chosen ?? "nothing" : "not decided" },
], stages);

function factList(facts) {
  return element("dl", { class: "facts" }, ...facts.flatMap(fact => [element("dt", {}, fact.name), element("dd", {}, fact.value)]));
}

const sizeTable = (caption, layers) => table(caption, [
  { title: "layer", value: part => part.layer }, { title: "strategy", text: true, value: part => part.strategy }, { title: "size", value: part => part.size }, { title: "parameters", value: part => whole(part.parameters) },
], layers);

const scoreTable = (caption, scores) => table(caption, [
  { title: "task", text: true, value: score => score.task }, { title: "state", text: true, value: score => score.state }, { title: "score", value: score => points(score.score) },
], scores);

// null where a plan has no sizes
function sizes(view, name, title, ...others) {
  return view.layers.length === 0 ? note(view.design == null ? "This trial trains every parameter, or the head alone: it has no sizes." : "No layer is tuned.") : layersFigure(name, title, view.layers, view.layerCount, ...others);
}

function trialParts(view) {
  const curve = view.losses.length > 0
    ? figure("loss", "Training loss", "The mean loss of the steps between two points, over the rows trained on.", view.losses, { marginLeft: 60, marginTop: 30, x: { label: "rows trained on", tickFormat: "~s" }, y: { label: "loss", grid: true, nice: true }, height: 280, marks: [Plot.line(view.losses, { x: "examples", y: "loss", stroke: "var(--first)", strokeWidth: 2 })] })
    : note("No training loss was reported.");
  const epochs = byEpoch(view.epochScores);
  return [
    element("p", {}, stateText(view.state)),
    ...view.failure ? [element("p", { class: "warning" }, view.failure)] : [],
    panel("facts-of-trial", "What is known", factList(view.facts)),
    panel("curve", "Learning curve", curve, ...epochs.length > 1 ? [figure("epochs", "Score after each epoch", "On the rows that select.", epochs, { marginLeft: 60, x: { label: "epoch", type: "point" }, y: { label: "points", grid: true, nice: true }, height: 260, marks: [Plot.line(epochs, { x: "epoch", y: "points", stroke: "var(--first)", strokeWidth: 2, marker: true })] })] : []),
    panel("design", "The design", sizes(view, "layers", "Trained parameters of each layer"), ...view.layers.length > 0 ? [element("details", {}, element("summary", {}, "Sizes as a table"), sizeTable("Sizes of each layer", view.layers))] : [],
      ...view.design ? [element("pre", { tabindex: "0", role: "region", "aria-label": "The design" }, view.design.trim())] : []),
    panel("scores", "The design on every task", scoreTable("Scores of this design", view.scores)),
  ];
}

// a trial's own score on its own task, otherwise those of its design on that task
function scoresOn(view, task) {
  const scores = view.scores.filter(one => one.task === task), own = scores.filter(one => one.id === view.id);
  return own.length > 0 ? own : scores;
}

const conditionsThatDiffer = (left, right) => left.conditions.map((condition, index) => [condition, right.conditions[index]]).filter(([one, other]) => one.value !== other.value)
  .map(([one, other]) => `${one.name} (${one.value} and ${other.value})`);

// the scores of two designs on a task, of the same conditions if there are such, and why they cannot be compared where there are none
function scorePair(left, right, task) {
  const pairs = d3.cross(scoresOn(left, task), scoresOn(right, task)).filter(([one, other]) => one.score != null && other.score != null);
  const pair = pairs.find(([one, other]) => conditionsThatDiffer(one, other).length === 0) ?? pairs[0];
  if (pair == null) return { task, left: scoresOn(left, task)[0]?.score, right: scoresOn(right, task)[0]?.score, lead: null, differences: [] };
  const differences = conditionsThatDiffer(...pair);
  return { task, left: pair[0].score, right: pair[1].score, lead: differences.length > 0 ? null : pair[1].score - pair[0].score, differences };
}

function comparisonParts(left, right) {
  const strategies = [...new Set([...left.layers, ...right.layers].map(part => part.strategy))];
  const total = view => d3.max(d3.rollup(view.layers, parts => d3.sum(parts, part => part.parameters), part => part.layer).values()) ?? 0;
  const largest = Math.max(total(left), total(right));
  // two beside each other where there is room
  const width = Math.max(320, Math.min(drawingWidth(), (page.clientWidth - 40) / (page.clientWidth > 700 ? 2 : 1)));
  const names = [...new Set([...left.facts, ...right.facts].map(fact => fact.name))];
  const value = (view, name) => view.facts.find(fact => fact.name === name)?.value ?? "–";
  const rows = names.map(name => ({ name, left: value(left, name), right: value(right, name) })).filter(row => row.left !== row.right);
  const tasks = [...new Set([...left.scores, ...right.scores].map(score => score.task))];
  const pairs = tasks.map(task => scorePair(left, right, task));
  const titles = [`Trial ${left.id}`, `Trial ${right.id}`];
  return [
    panel("compared-scores", "Scores", table("Scores of both designs in points", [
      { title: "task", text: true, value: pair => pair.task }, { title: titles[0], value: pair => points(pair.left) }, { title: titles[1], value: pair => points(pair.right) },
      { title: `${titles[1]} leads by`, value: pair => points(pair.lead) },
    ], pairs), ...pairs.filter(pair => pair.differences.length > 0).map(pair =>
      element("p", { class: "warning" }, `The scores on ${pair.task} cannot be compared. They differ in ${pair.differences.join(", ")}.`))),
    panel("compared-sizes", "Sizes of each layer", element("div", { class: "sides" }, ...[left, right].map((view, index) => element("div", {}, element("p", {}, link(address("trial", view.id), view.key)), sizes(view, `layers-${index}`, titles[index], strategies, largest, width))))),
    panel("compared-facts", "What differs", table("What differs between the trials", [{ title: "what", text: true, value: row => row.name }, { title: titles[0], text: true, value: row => row.left }, { title: titles[1], text: true, value: row => row.right }], rows)),
  ];
}
