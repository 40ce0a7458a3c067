"use strict";

const data = JSON.parse(document.getElementById("data").textContent);
const report = data.report;
const page = document.getElementById("page");
savedAs = report.study;
// half the width of a 95% interval of a mean, by Student's t
const half = (error, count) => error == null || !(count > 1) ? null : error * data.quantiles[Math.min(count - 1, data.quantiles.length) - 1];

function section(id, title, ...children) {
  const made = element("section", { id, "aria-labelledby": `${id}-title` }, element("h2", { id: `${id}-title` }, title), ...children);
  page.append(made);
  return made;
}

const sides = report.found ? [report.found, ...report.baselines] : report.baselines;
const summaries = new Map(report.sides.map(side => [side.side, side]));
const differences = new Map(report.differences.map(difference => [difference.against, difference]));
const scored = sides.filter(side => side.mean != null);
const searched = data.designs.filter(design => !data.finalStages.includes(design.stage));
// as far as scores go
const interval = (mean, error, count) => { const width = half(error, count); return width == null ? { lower: null, upper: null } : { lower: Math.max(mean - width, Math.min(mean, data.lowest ?? -Infinity)), upper: Math.min(mean + width, Math.max(mean, 100)) }; };

function facts() {
  document.getElementById("facts").textContent = `${report.backbone}, ${whole(data.backboneParameters)} parameters; at most ${whole(report.budget)} are trained. `
    + `${report.tasks.map(task => task.task).join(", ")}; policy ${data.policy}; ${plural(report.trials, "trial")}, ${whole(report.exampleSteps)} rows trained on.`;
}

function answer() {
  const box = element("div", { class: "answer" }, ...(data.answer.length ? data.answer : ["The search has no result yet."]).map(text => element("p", {}, text)));
  const made = section("answer", report.complete ? "What to use" : "The best so far", box, ...report.warnings.map(text => element("p", { class: "warning" }, `Warning: ${text}`)), ...report.notes.map(text => note(text)));
  if (data.layers.length === 0) return;
  made.append(layersFigure("layers", "Trained parameters of each layer", data.layers, data.layerCount));
}

function comparison() {
  if (scored.length === 0) return;
  const rows = scored.map(side => ({
    side: side.name, trained: side.trained, mean: side.mean, ...interval(side.mean, side.standardError, side.trials / report.tasks.length),
    validation: summaries.get(side.name)?.validation ?? null,
  }));
  const winner = report.winner?.side, order = d3.sort(rows, row => -row.mean).map(row => row.side);
  const isOwn = data.selects === "selection rows";
  const drawing = figure("sides", "The sides of the final comparison", `Dots are means over tasks and seeds on the ${data.selects}, lines their 95% intervals over seeds${isOwn ? "; rings are the validation rows, which decide nothing" : ""}.`, rows, {
    marginLeft: leftMargin(order), x: { label: "points", grid: true, nice: true }, y: { label: null, domain: order }, height: 60 + 28 * rows.length,
    marks: [
      Plot.ruleY(rows.filter(row => row.lower != null), { y: "side", x1: "lower", x2: "upper", stroke: "var(--first)", strokeWidth: 2 }),
      Plot.dot(rows, { y: "side", x: "mean", fill: "var(--first)", r: row => row.side === winner ? 7 : 4.5, title: row => `${row.side}: ${points(row.mean)} points` }),
      ...isOwn ? [Plot.dot(rows.filter(row => row.validation != null), { y: "side", x: "validation", stroke: "var(--second)", strokeWidth: 2, r: 5, title: row => `${row.side}: ${points(row.validation)} points on the validation rows` })] : [],
    ],
  });
  const tested = report.differences[0]?.side;
  const columns = [
    { title: "side", text: true, value: side => side.name }, { title: "trained", value: side => whole(side.trained) }, { title: "head", value: side => whole(side.headParameters) },
    { title: "mean", value: side => points(side.mean) }, { title: "standard error", value: side => points(side.standardError) },
    ...isOwn ? [{ title: "validation", value: side => points(summaries.get(side.name)?.validation) }] : [],
    ...report.sides.some(side => side.test != null) ? [{ title: "test", value: side => points(summaries.get(side.name)?.test) }] : [],
    { title: "P(best)", value: side => side.probabilityOfBest?.toFixed(3) },
    ...tested ? [{ title: `${tested} leads by`, value: side => points(differences.get(side.name)?.difference) }, { title: "p (Holm)", value: side => differences.get(side.name)?.correctedProbability?.toFixed(3) }] : [],
    { title: "ms per row", value: side => side.millisecondsPerRow?.toPrecision(3) }, { title: "recipe", text: true, value: side => side.recipe },
  ];
  section("comparison", "Every side at its best", drawing, table("The final comparison", columns, scored, side => side.name === winner));
}

function stages() {
  const compared = report.stages.filter(stage => stage.options.length > 1 && stage.options.some(option => option.mean != null));
  if (compared.length === 0) return;
  const made = section("stages", "How certain, and why", note("Each small dot is a design, each large one the mean of an option with its 95% interval. Options are sorted by their means." + (report.stages.some(stage => stage.options.some(option => option.reused > 0)) ? " Designs that a stage reuses are drawn in the stage that trained them." : "")));
  for (const stage of compared) {
    const options = d3.sort(stage.options.filter(option => option.mean != null), option => -option.mean).slice(0, 30);
    const names = options.map(option => option.option), shown = new Set(names);
    const dots = data.designs.filter(design => design.stage === stage.stage && shown.has(design.option)).map(design => ({ option: design.option, points: design.points }));
    const means = options.map(option => ({ option: option.option, mean: option.mean, trials: option.trials, probabilityOfBest: option.probabilityOfBest, ...interval(option.mean, option.standardError, option.trials / report.tasks.length) }));
    const sure = stage.chosen == null ? "It is not decided." : `Chosen: ${stage.chosen}. ${stage.certain == null ? "How certain that is, is not known." : stage.certain ? "The choice is certain." : "The choice is not certain."}`;
    const left = stage.options.length - options.length, dropped = stage.options.filter(option => option.droppedAfter != null).length;
    made.append(figure(`stage-${stage.stage.replaceAll(/\W+/g, "-")}`, stage.stage, sure + (dropped > 0 ? ` The race dropped ${plural(dropped, "option")}.` : "") + (left > 0 ? ` ${plural(left, "further option")} with lower means ${left === 1 ? "is" : "are"} not drawn.` : ""), means, {
      marginLeft: leftMargin(names), x: { label: "points", grid: true, nice: true }, y: { label: null, domain: names }, height: 60 + 26 * names.length,
      marks: [
        Plot.dot(dots, { y: "option", x: "points", fill: "var(--muted)", fillOpacity: 0.5, r: 2.5 }),
        Plot.ruleY(means.filter(option => option.lower != null), { y: "option", x1: "lower", x2: "upper", stroke: "var(--first)", strokeWidth: 2 }),
        Plot.dot(means, { y: "option", x: "mean", fill: option => option.option === stage.chosen ? "var(--second)" : "var(--first)", r: 5, title: option => `${option.option}: ${points(option.mean)} points` }),
      ],
    }));
  }
}

function explanation() {
  const found = report.explanation;
  if (!found || found.why.length === 0) return;
  const made = section("why", "Why this design", ...found.why.map(text => element("p", {}, text)));
  if (found.mainEffects.length > 0) {
    const rows = found.mainEffects.map(effect => ({ choice: `${effect.factor.replaceAll("-", " ")}: ${effect.level}${effect.against === "none" ? ", against none" : ""}`, effect: effect.effect, lower: effect.lower, upper: effect.upper, p: effect.correctedProbability, designs: effect.designs }));
    made.append(figure("effects", "Main effects", `How much each choice moves the score, other choices being equal: the difference from the mean of the choice's levels, or for a strategy from having it in no layer, with 95% intervals; ${plural(found.designs, "design")}. Filled dots are significant after Holm's correction.`, rows, {
      marginLeft: leftMargin(rows.map(row => row.choice)), x: { label: "points", grid: true, nice: true }, y: { label: null, domain: rows.map(row => row.choice) }, height: 60 + 26 * rows.length,
      marks: [
        Plot.ruleX([0]),
        Plot.ruleY(rows, { y: "choice", x1: "lower", x2: "upper", stroke: "var(--first)", strokeWidth: 2 }),
        Plot.dot(rows, { y: "choice", x: "effect", stroke: "var(--first)", strokeWidth: 2, fill: row => row.p < 0.05 ? "var(--first)" : "var(--page)", r: 5, title: row => `${row.choice}: ${points(row.effect)} points` }),
      ],
    }));
  }
  if (found.interactions.length > 0) made.append(table(`The largest of ${plural(found.triedInteractions, "interaction")}`, [
    { title: "strategy", text: true, value: row => row.strategy }, { title: "with", text: true, value: row => `${row.factor.replaceAll("-", " ")}: ${row.level}` },
    { title: "effect", value: row => points(row.effect) }, { title: "95%", value: row => `${points(row.lower)} to ${points(row.upper)}` }, { title: "p (Holm)", value: row => row.correctedProbability?.toFixed(3) },
  ], found.interactions));
  const conditions = regime => `${regime.stage} (${plural(regime.epochs, "epoch")}${regime.rows == null ? "" : `, ${whole(regime.rows)} rows`})`;
  if (found.rankCorrelations.length > 0) made.append(table("Rank correlation of cheap and longer training (Spearman)", [
    { title: "cheap", text: true, value: row => conditions(row.cheap) }, { title: "longer", text: true, value: row => conditions(row.full) }, { title: "sides", value: row => row.compared },
    { title: "correlation", value: row => points(row.correlation) }, { title: "95%", value: row => `${points(row.lower)} to ${points(row.upper)}` },
  ], found.rankCorrelations));
}

function pareto() {
  const rows = [
    ...searched.filter(design => design.trained > 0).map(design => ({ what: `a design of ${design.stage}`, kind: "design", trained: design.trained, points: design.points })),
    ...scored.filter(side => side.trained > 0).map(side => ({ what: side.name, kind: "side", trained: side.trained, points: side.mean })),
  ];
  if (rows.filter(row => row.kind === "side").length < 2) return;
  let best = -Infinity;
  const front = d3.sort(rows.filter(row => row.kind === "side"), row => row.trained, row => -row.points).filter(row => row.points > best && (best = row.points, true));
  // names at the sides of the drawing run inwards, away from the axis
  const place = d3.scaleLog(d3.extent(rows, row => row.trained), [0, 1]), anchors = { start: row => place(row.trained) < 0.2, middle: row => place(row.trained) >= 0.2 && place(row.trained) <= 0.8, end: row => place(row.trained) > 0.8 };
  section("pareto", "Score against trained parameters", figure("pareto", "Score against trained parameters", "Large dots are the sides of the final comparison, small ones designs of the search, which may have been trained for less. The line joins the sides that no smaller one beats; they are named. The knee is the side with the fewest parameters within one standard error of the winner. Sides that train nothing but the head have no place on this axis.", rows, {
    isTitled: false, marginLeft: 60, x: { type: "log", label: "trained parameters without the head", grid: true, tickFormat: "~s" }, y: { label: "points", grid: true, nice: true }, height: 420,
    marks: [
      Plot.dot(rows.filter(row => row.kind === "design"), { x: "trained", y: "points", fill: "var(--muted)", fillOpacity: 0.5, r: 2.5 }),
      Plot.line(front, { x: "trained", y: "points", stroke: "var(--second)", curve: "step-after" }),
      Plot.dot(rows.filter(row => row.kind === "side"), { x: "trained", y: "points", fill: "var(--first)", r: 5, title: row => `${row.what}: ${points(row.points)} points, ${whole(row.trained)} parameters` }),
      Plot.dot(rows.filter(row => row.kind === "side" && row.what === report.simplest), { x: "trained", y: "points", stroke: "var(--second)", strokeWidth: 2, r: 9 }),
      ...Object.entries(anchors).map(([textAnchor, isThere]) => Plot.text(front.filter(isThere), { x: "trained", y: "points", text: row => row.what === report.simplest ? `${row.what} (knee)` : row.what, textAnchor, dx: { start: -4, middle: 0, end: 4 }[textAnchor], dy: -13, fill: "currentColor" })),
    ],
  }));
}

function distribution() {
  const groups = d3.rollups(searched, designs => d3.sort(designs, design => design.points), design => design.stage).filter(([, designs]) => designs.length > 2);
  if (groups.length === 0) return;
  const rows = groups.flatMap(([stage, designs]) => designs.map((design, index) => ({ stage, points: design.points, share: (index + 1) / designs.length })));
  section("distribution", "The distribution of designs", figure("distribution", "The distribution of designs", "The share of a stage's designs that score at most so many points (the empirical distribution function). A curve further right is a better space of designs; stages that train for longer also move right.", rows, {
    isTitled: false, marginLeft: 60, x: { label: "points", grid: true, nice: true }, y: { label: "share of designs", domain: [0, 1], grid: true }, color: { legend: true, domain: groups.map(([stage]) => stage), range: colours }, height: 340,
    marks: [Plot.line(rows, { x: "points", y: "share", stroke: "stage", curve: "step-after", strokeWidth: 2 })],
  }));
}

function curves() {
  const rows = data.designs.flatMap((design, number) => design.curve.map((score, index) => ({ design: number, option: design.option, stage: design.stage, epoch: index + 1, points: score })));
  const made = [];
  if (rows.length > 0) made.push(figure("curves", "Score after each epoch", "The mean over tasks after each epoch, of every training that was scored after each epoch.", rows, {
    marginLeft: 60, x: { label: "epoch", type: "point" }, y: { label: "points", grid: true, nice: true }, height: 340,
    marks: [Plot.line(rows, { x: "epoch", y: "points", z: "design", stroke: "var(--first)", strokeOpacity: 0.5, title: "option" })],
  }));
  made.push(...d3.groups(data.losses, line => line.task).map(([task, lines], number) => losses(task, lines, number + 1)));
  if (made.length > 0) section("curves", "Learning curves", ...made);
}

// a figure for each task, because losses of different tasks cannot be compared
function losses(task, lines, number) {
  const winner = report.winner?.side, means = new Map(sides.map(side => [side.name, side.mean ?? -Infinity]));
  const names = d3.sort(lines.map(line => line.side), side => side !== winner, side => -means.get(side));
  // as many as there are colours
  const shown = new Set(names.slice(0, colours.length)), hidden = names.length - shown.size;
  const rows = lines.filter(line => shown.has(line.side)).flatMap(line => line.points.map(point => ({ side: line.side, rows: point.examples, loss: point.loss, seeds: line.seeds })));
  const seeds = d3.max(lines, line => line.seeds), of = side => rows.filter(row => (row.side === winner) === side);
  const line = width => ({ x: "rows", y: "loss", stroke: "side", strokeWidth: width, title: "side" });
  return figure(`losses-${number}`, report.tasks.length > 1 ? `Training loss on ${task}` : "Training loss",
    `The mean loss of the training steps between two points${seeds > 1 ? `, over ${plural(seeds, "seed")}` : ""}.${shown.has(winner) && shown.size > 1 ? ` The thick line is ${winner}, the winner.` : ""}${hidden > 0 ? ` ${plural(hidden, "further side")} with lower scores ${hidden === 1 ? "is" : "are"} not drawn.` : ""} A lower loss on the training rows does not make a better model: scores decide.`, rows, {
      marginLeft: 60, x: { label: "rows trained on", tickFormat: "~s", grid: true }, y: { label: "training loss", grid: true, nice: true }, color: { legend: true, domain: [...shown], range: colours.slice(0, shown.size) }, height: 340,
      marks: [Plot.line(of(false), line(1.5)), Plot.line(of(true), line(3))],
    });
}

function cost() {
  if (data.costs.length === 0) return;
  const total = d3.sum(data.costs, stage => stage.seconds);
  section("cost", "Where the time went", note(`${duration(total)} of training in all.`), figure("cost", "Training time of each stage", "Seconds of all workers together, scoring included.", data.costs, {
    marginLeft: leftMargin(data.costs.map(stage => stage.stage)), marginRight: 110, x: { label: "seconds", grid: true }, y: { label: null, domain: data.costs.map(stage => stage.stage) }, height: 60 + 28 * data.costs.length,
    marks: [Plot.barX(data.costs, { x: "seconds", y: "stage", fill: "var(--first)" }), Plot.text(data.costs, { x: "seconds", y: "stage", text: stage => plural(stage.trials, "trial"), textAnchor: "start", dx: 5, fill: "currentColor" }), Plot.ruleX([0])],
  }));
}

function repeat() {
  const command = report.runs.map(run => run.command).filter(Boolean).at(-1);
  const machines = report.runs.length === 0 ? [] : [table("Where it ran", [
    { title: "from", text: true, value: run => run.started.slice(0, 16).replace("T", " ") + " UTC" }, { title: "processor", text: true, value: run => run.processor }, { title: "cores", value: run => run.cores },
    { title: "memory", value: run => `${(run.memory / 2 ** 30).toFixed(1)} GiB` }, { title: "workers", value: run => `${run.workers} on ${run.devices}` }, { title: "system", text: true, value: run => run.system },
    { title: ".NET", value: run => run.dotNet }, { title: "libtorch", value: run => run.libtorch }, { title: "Spindle", value: run => run.version + (run.commit ? ` (${run.commit.slice(0, 10)})` : "") },
  ], report.runs)];
  const started = command ? [element("p", {}, "It was started with ", element("code", {}, command), ".")] : [];
  section("repeat", "How to repeat it", ...machines, ...started, element("p", {}, "Save the study below as study.yaml in the folder of its former file, where its paths start, and run ", element("code", {}, "spindle search study.yaml"), `. Seed ${data.seed ?? "–"}; this page was written by Spindle ${data.version}.`),
    element("pre", { tabindex: "0", role: "region", "aria-label": "The study" }, data.settings.trim()));
}

facts();
for (const part of [answer, comparison, explanation, stages, pareto, distribution, curves, cost, repeat]) part();
document.getElementById("footer").append(note("Figures: Observable Plot and D3 (ISC licence). This file needs no network."));
