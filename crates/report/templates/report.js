
"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const list = byId("list");
  const controls = byId("controls");
  const findings = [...list.children];

  // The text of a finding is read when it is first searched for: reading thousands takes a while.
  const texts = new Map();
  const textOf = (finding) => {
    let text = texts.get(finding);
    if (text === undefined) {
      text = finding.textContent.toLowerCase();
      texts.set(finding, text);
    }
    return text;
  };
  const bandOf = (finding) => finding.className.slice(-1);
  // A plain type selector: one with a class takes a millisecond a finding.
  const ruleOf = (finding) => finding.querySelector("b").textContent;
  const packagesOf = (finding) => finding.dataset.p.split("|");
  const number = (count) => count.toLocaleString("en-US");

  const addCopyButtons = (root) => {
    for (const command of root.querySelectorAll("pre.cmd:not(:has(.copy))")) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "copy";
      button.textContent = "Copy";
      const text = command.textContent;
      button.addEventListener("click", async () => {
        try {
          await navigator.clipboard.writeText(text);
          button.textContent = "Copied";
        } catch {
          getSelection().selectAllChildren(command);
          button.textContent = "Selected";
        }
        setTimeout(() => { button.textContent = "Copy"; }, 2000);
      });
      command.prepend(button);
    }
  };
  for (const advice of document.querySelectorAll(".advice")) addCopyButtons(advice);
  list.addEventListener("toggle", (event) => {
    if (event.target.open) addCopyButtons(event.target);
  }, true);

  const openLinked = () => {
    const finding = location.hash.startsWith("#f-") && byId(location.hash.slice(1));
    if (!finding) return;
    finding.hidden = false;
    finding.firstElementChild.open = true;
    finding.scrollIntoView();
  };
  addEventListener("hashchange", openLinked);

  // What is on the screen is what is on paper: the findings that the filter left, opened.
  let openedForPrint = [];
  addEventListener("beforeprint", () => {
    openedForPrint = [...document.querySelectorAll("details:not([open])")].filter((details) => !details.closest("[hidden]"));
    for (const details of openedForPrint) details.open = true;
  });
  addEventListener("afterprint", () => {
    for (const details of openedForPrint) details.open = false;
  });

  if (!controls) return;
  const search = byId("search");
  const packageFilter = byId("package");
  const sort = byId("sort");
  const bands = [...controls.elements.namedItem("band").length ? controls.elements.namedItem("band") : [controls.elements.namedItem("band")]];

  const filter = () => {
    const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = new Set(bands.filter((box) => box.checked).map((box) => box.value));
    const name = packageFilter.value;
    let shown = 0;
    for (const finding of findings) {
      const matches = wanted.has(bandOf(finding))
        && (name === "" || packagesOf(finding).includes(name))
        && words.every((word) => textOf(finding).includes(word));
      finding.hidden = !matches;
      if (matches) shown += 1;
    }
    const total = `${number(findings.length)} finding${findings.length === 1 ? "" : "s"}`;
    byId("shown").textContent = shown === findings.length ? total : `${number(shown)} of ${total}`;
    byId("nothing").hidden = shown > 0;
    list.hidden = byId("columns").hidden = shown === 0;
  };

  const natural = new Intl.Collator("en", { numeric: true }).compare;
  const keysOf = {
    band: (finding) => String(9 - bandOf(finding)),
    rule: ruleOf,
    package: (finding) => finding.dataset.p || "\uffff",
  };
  const arrange = () => {
    const keyOf = keysOf[sort.value];
    const keyed = findings.map((finding) => ({ finding, key: keyOf ? keyOf(finding) : "" }));
    // The sort is stable, so that equal findings stay in the order of their risk.
    keyed.sort((left, right) => natural(left.key, right.key));
    list.append(...keyed.map(({ finding }) => finding));
  };

  let timer = 0;
  search.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(filter, 120);
  });
  controls.addEventListener("change", (event) => {
    if (event.target === sort) arrange(); else filter();
  });
  controls.addEventListener("submit", (event) => {
    event.preventDefault();
    filter();
  });
  controls.addEventListener("reset", () => setTimeout(() => { arrange(); filter(); }));
  byId("nothing-reset").addEventListener("click", () => {
    controls.reset();
    search.focus();
  });
  const expand = byId("expand");
  expand.addEventListener("click", () => {
    const open = expand.textContent === "Expand all";
    for (const finding of findings) if (!finding.hidden) finding.firstElementChild.open = open;
    expand.textContent = open ? "Collapse all" : "Expand all";
  });
  addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) {
      event.preventDefault();
      search.focus();
    }
  });

  controls.hidden = false;
  // A reload keeps what was typed.
  if (search.value || bands.some((box) => !box.checked) || packageFilter.value) filter();
  if (sort.value !== "risk") arrange();
  openLinked();
})();
