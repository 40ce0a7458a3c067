"use strict";

// what the report and the dashboard share: elements, tables, figures and their files
const colours = ["--first", "--second", "--third", "--fourth", "--fifth", "--sixth", "--seventh", "--eighth", "--ninth", "--tenth"].map(name => `var(${name})`);
const leftMargin = names => Math.min(320, 30 + 7.2 * Math.max(8, ...names.map(name => name.length)));
// the start of the names of saved files
let savedAs = "spindle";

// as wide as the page; where names leave too little room, a drawing is wider and scrolls
const drawingWidth = (margin = 60) => Math.max(margin + 270, Math.min(1000, document.getElementById("page").clientWidth));

const points = value => value == null ? "–" : value.toFixed(2);
const whole = value => value == null ? "–" : value.toLocaleString("en");
const duration = seconds => {
  const rounded = Math.round(seconds), minutes = Math.round(seconds / 60);
  return rounded >= 3600 ? `${Math.floor(minutes / 60)} h ${minutes % 60} min` : rounded >= 60 ? `${Math.floor(rounded / 60)} min ${rounded % 60} s` : `${seconds.toFixed(1)} s`;
};
const plural = (count, noun) => `${whole(count)} ${noun}${count === 1 ? "" : "s"}`;

function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

const note = text => element("p", { class: "note" }, text);

// a table whose wide rows can be scrolled, by keyboard too
function table(caption, columns, rows, isMarked = () => false) {
  const cell = (name, column, text) => element(name, column.text ? { class: "text" } : {}, text);
  const made = element("table", {}, element("caption", { class: "note" }, caption),
    element("thead", {}, element("tr", {}, ...columns.map(column => { const head = cell("th", column, column.title); head.scope = "col"; return head; }))),
    element("tbody", {}, ...rows.map(row => element("tr", isMarked(row) ? { class: "winner" } : {}, ...columns.map(column => cell("td", column, String(column.value(row) ?? "–")))))));
  return element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": caption }, made);
}

const quoted = value => { const text = String(value ?? ""); return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text; };

function save(name, blob) {
  const link = element("a", { download: name, href: URL.createObjectURL(blob) });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

function saveCsv(name, rows) {
  const keys = [...new Set(rows.flatMap(Object.keys))];
  save(`${name}.csv`, new Blob([[keys.join(","), ...rows.map(row => keys.map(key => quoted(row[key])).join(","))].join("\n") + "\n"], { type: "text/csv" }));
}

// a drawing has no style sheet: colours are written into the copy
function savePng(name, svg) {
  const copy = svg.cloneNode(true), from = svg.querySelectorAll("*"), to = copy.querySelectorAll("*"), size = svg.getBoundingClientRect();
  const own = getComputedStyle(svg);
  for (const property of ["color", "font-family", "font-size"]) copy.style.setProperty(property, own.getPropertyValue(property));
  from.forEach((node, index) => {
    const style = getComputedStyle(node);
    for (const property of ["fill", "stroke", "color"]) to[index].style.setProperty(property, style.getPropertyValue(property));
  });
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const image = new Image(), scale = 2;
  image.onload = () => {
    const canvas = element("canvas", { width: size.width * scale, height: size.height * scale }), pen = canvas.getContext("2d");
    pen.fillStyle = getComputedStyle(document.body).backgroundColor;
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    canvas.toBlob(blob => save(`${name}.png`, blob));
  };
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(new XMLSerializer().serializeToString(copy))}`;
}

// a drawing with its description for screen readers, and its data as a file; a table of them is up to the caller
function figure(name, title, caption, rows, { isTitled = true, ...options }) {
  const svg = Plot.plot({ width: drawingWidth(options.marginLeft), marginBottom: 46, marginRight: 40, style: { background: "transparent", fontSize: "13px" }, ariaLabel: title, ariaDescription: caption, ...options });
  const drawn = svg.tagName === "FIGURE" ? [...svg.children].find(child => child.tagName === "svg") : svg; // beside a legend
  drawn.setAttribute("role", "img");
  // parts of a picture are not named separately
  for (const part of drawn.querySelectorAll("[aria-label], [aria-hidden]")) { part.removeAttribute("aria-label"); part.removeAttribute("aria-hidden"); }
  const png = element("button", { type: "button" }, "Save as PNG"), csv = element("button", { type: "button" }, "Save data as CSV");
  png.setAttribute("aria-label", `Save as PNG: ${title}`);
  csv.setAttribute("aria-label", `Save data as CSV: ${title}`);
  png.addEventListener("click", () => savePng(`${savedAs}-${name}`, drawn));
  csv.addEventListener("click", () => saveCsv(`${savedAs}-${name}`, rows));
  return element("figure", { id: `figure-${name}` }, ...isTitled ? [element("h3", {}, title)] : [], element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": title }, svg), element("figcaption", {}, caption), png, csv);
}

// the sizes of a design; two designs are comparable where they have the same strategies (colours) and largest layer
function layersFigure(name, title, layers, layerCount, strategies = [...new Set(layers.map(part => part.strategy))], largest = undefined, width = drawingWidth()) {
  const count = layerCount ?? d3.max(layers, part => part.layer);
  return figure(name, title, "Layer 1 is the one next to the embeddings. The number in a bar is the size of the strategy: a rank, a bottleneck or a prefix length.", layers, {
    width, marginLeft: 50, x: { label: "trained parameters", grid: true, ticks: width / 100, ...largest == null ? {} : { domain: [0, largest] } }, y: { label: "layer", type: "band", domain: d3.range(count, 0, -1) }, color: { legend: true, range: colours, domain: strategies },
    height: 60 + 34 * count,
    marks: [
      Plot.barX(layers, { x: "parameters", y: "layer", fill: "strategy", inset: 0.5 }),
      Plot.text(layers, Plot.stackX({ x: "parameters", y: "layer", text: part => part.size > 1 ? `${part.size}` : "", fill: "var(--page)" })),
      Plot.ruleX([0]),
    ],
  });
}
