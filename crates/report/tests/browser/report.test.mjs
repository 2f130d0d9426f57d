// The HTML report in a browser: what it does, that it asks nobody, that everybody can read it, and what is on paper.
// The pages are those of the example `fixture-html`, in the folder that ASSAY_REPORT_PAGES names.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const require = createRequire(import.meta.url);
const axeSource = require("axe-core").source;
const folder = process.env.ASSAY_REPORT_PAGES;
assert.ok(folder, "ASSAY_REPORT_PAGES is not set: use ./run");
const screenshots = process.env.ASSAY_SCREENSHOTS;
const addressOf = (kind) => pathToFileURL(join(folder, `${kind}.html`)).href;

let browser;
before(async () => {
  const executablePath = execFileSync("sh", ["-c", `command -v ${process.env.CHROMIUM ?? "chromium"}`]).toString().trim();
  browser = await chromium.launch({ executablePath, args: ["--no-sandbox"] });
});
after(() => browser?.close());

/** Opens a page, hands it to `use`, and fails on any request, dialog, script error or policy violation. */
async function open(kind, options, use) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const complaints = [];
  const address = addressOf(kind) + (options.hash ?? "");
  const page = await context.newPage();
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(addressOf(kind)) && !url.startsWith("data:")) complaints.push(`request: ${url}`);
  });
  page.on("console", (message) => complaints.push(`console: ${message.text()}`));
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
  page.on("dialog", (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  await page.goto(address);
  try {
    await use(page);
    assert.deepEqual(complaints, []);
  } finally {
    await context.close();
  }
}

const visibleRules = (page) => page.locator("#list > .f:not([hidden]) .what > b").allTextContents();
const status = (page) => page.locator("#shown").textContent();
const backgroundOf = (page) => page.evaluate(() => getComputedStyle(document.body).backgroundColor);

async function searchFor(page, text, expected) {
  await page.locator("#search").fill(text);
  // Enter does not wait for the pause in typing that a search otherwise waits for.
  await page.keyboard.press("Enter");
  assert.equal(await status(page), expected);
}

async function assertAccessible(page, name) {
  await page.evaluate(axeSource);
  const { violations } = await page.evaluate(() => axe.run(document, { resultTypes: ["violations"] }));
  const serious = violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html.slice(0, 200)).join(" | ")}`);
  assert.deepEqual(serious, [], name);
}

async function keepPicture(page, name) {
  if (!screenshots) return;
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: join(screenshots, `${name}.png`) });
}

describe("finding what matters", () => {
  test("the search takes all words, in any part of a finding", () =>
    open("ordinary", {}, async (page) => {
      assert.equal(await status(page), "12 findings");
      await searchFor(page, "OPENSSL certificate", "1 of 12 findings");
      assert.deepEqual(await visibleRules(page), ["CVE-2026-20480"]);
      await searchFor(page, "10-cloud.conf:3", "1 of 12 findings");
      assert.deepEqual(await visibleRules(page), ["Disable root login over SSH"]);
    }));

  test("a search without a match says so and can be taken back", () =>
    open("ordinary", {}, async (page) => {
      await searchFor(page, "no such thing", "0 of 12 findings");
      assert.ok(await page.locator("#nothing").isVisible());
      await page.getByRole("button", { name: "Reset the filters" }).click();
      await page.waitForFunction(() => document.querySelector("#shown").textContent === "12 findings");
      assert.ok(await page.locator("#nothing").isHidden());
    }));

  test("severities can be left out, and a package chosen", () =>
    open("ordinary", {}, async (page) => {
      for (const band of ["High", "Medium", "Low", "Informational"]) await page.getByLabel(band, { exact: true }).uncheck();
      assert.deepEqual(await visibleRules(page), ["CVE-2026-31337", "CVE-2026-20480"]);
      await page.getByRole("button", { name: "Reset", exact: true }).click();
      await page.waitForFunction(() => document.querySelector("#shown").textContent === "12 findings");
      await page.getByLabel("Package", { exact: true }).selectOption("libc6");
      assert.deepEqual(await visibleRules(page), ["CVE-2026-7788"]);
    }));

  test("the list can be sorted, and goes back to risk", () =>
    open("ordinary", {}, async (page) => {
      const byRisk = await visibleRules(page);
      await page.getByLabel("Sort by").selectOption("rule");
      assert.deepEqual((await visibleRules(page)).slice(0, 4), [
        "Configure permissions for system directories",
        "CVE-2011-3374",
        "CVE-2023-31486",
        "CVE-2024-21803",
      ]);
      await page.getByLabel("Sort by").selectOption("package");
      assert.equal((await visibleRules(page))[0], "CVE-2011-3374");
      await page.getByLabel("Sort by").selectOption("risk");
      assert.deepEqual(await visibleRules(page), byRisk);
    }));

  test("a link to a finding opens it", async () => {
    let id;
    await open("ordinary", {}, async (page) => {
      id = await page.locator("#list > .f").nth(4).getAttribute("id");
    });
    await open("ordinary", { hash: `#${id}` }, async (page) => {
      assert.ok(await page.locator(`#${id} .title`).isVisible());
      assert.ok(await page.locator("#list > .f .title").first().isHidden());
    });
  });

  test("a command can be copied", () =>
    open("ordinary", { permissions: ["clipboard-read", "clipboard-write"] }, async (page) => {
      await page.locator("#list summary").first().click();
      await page.locator("#list .steps .copy").nth(1).click();
      await page.getByText("Copied").waitFor();
      const copied = await page.evaluate(() => navigator.clipboard.readText());
      assert.equal(copied, "sudo apt-get install --only-upgrade libssl3 openssl");
    }));

  test("5,000 findings stay usable", (t) =>
    open("5000", {}, async (page) => {
      const loaded = await page.evaluate(() => performance.getEntriesByType("navigation")[0].domContentLoadedEventEnd);
      const start = performance.now();
      await searchFor(page, "CVE-2019-10100", "1 of 5,000 findings");
      const searched = performance.now() - start;
      await page.locator("#search").fill("");
      await page.locator("#package").selectOption("package-17");
      assert.equal(await status(page), "13 of 5,000 findings");
      const again = performance.now();
      await page.locator("#sort").selectOption("rule");
      t.diagnostic(`page read in ${loaded.toFixed(0)} ms, first search ${searched.toFixed(0)} ms, ` +
        `sort ${(performance.now() - again).toFixed(0)} ms`);
    }));
});

describe("every reader", () => {
  for (const kind of ["ordinary", "hostile", "undecided"]) {
    for (const colorScheme of ["light", "dark"]) {
      for (const width of [1280, 400]) {
        test(`${kind}, ${colorScheme}, ${width} px: no serious finding of axe, nothing beside the screen`, () =>
          open(kind, { colorScheme, viewport: { width, height: 900 } }, async (page) => {
            await keepPicture(page, `${kind}-${colorScheme}-${width}`);
            await page.evaluate(() => document.querySelectorAll("details").forEach((details) => { details.open = true; }));
            const beside = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
            assert.equal(beside, 0, "the page scrolls sideways");
            await assertAccessible(page, `${kind} ${colorScheme} ${width}`);
          }));
      }
    }
  }

  test("dark mode is dark", async () => {
    let light;
    await open("ordinary", { colorScheme: "light" }, async (page) => { light = await backgroundOf(page); });
    await open("ordinary", { colorScheme: "dark" }, async (page) => assert.notEqual(await backgroundOf(page), light));
  });

  test("the keyboard is enough", () =>
    open("ordinary", {}, async (page) => {
      await page.keyboard.press("Tab");
      assert.equal(await page.evaluate(() => document.activeElement.className), "skip");
      await page.keyboard.press("/");
      assert.equal(await page.evaluate(() => document.activeElement.id), "search");
      await page.keyboard.type("31337");
      await page.waitForFunction(() => document.querySelector("#shown").textContent === "1 of 12 findings");
      await page.locator("#list > .f:not([hidden]) summary").first().focus();
      await page.keyboard.press("Enter");
      assert.ok(await page.locator("#list > .f:not([hidden]) .title").isVisible());
    }));

  test("without scripts everything is there", () =>
    open("ordinary", { javaScriptEnabled: false }, async (page) => {
      assert.ok(await page.locator("#controls").isHidden());
      assert.equal(await page.locator("#list > .f").count(), 12);
      await page.locator("#list summary").first().click();
      assert.ok(await page.locator("#list .title").first().isVisible());
      assert.ok(await page.locator("#list .steps").first().isVisible());
    }));

  test("what could not be checked is never called clean", () =>
    open("undecided", {}, async (page) => {
      assert.match(await page.locator("#findings").textContent(), /No findings among what could be checked/);
      assert.match(await page.locator("#coverage").textContent(), /0 % of the checks/);
    }));
});

describe("hostile text", () => {
  test("stays text", () =>
    open("hostile", {}, async (page) => {
      assert.equal(await page.locator("script").count(), 1);
      assert.equal(await page.locator("img, iframe, object, embed, link:not([rel=icon])").count(), 0);
      assert.equal(await page.locator("a[href^='javascript']").count(), 0);
      const title = await page.title();
      assert.ok(title.includes("<script>alert(1)</script>") && title.includes("\\u{202e}gpj.exe"), title);
      const text = await page.evaluate(() => document.body.textContent);
      assert.doesNotMatch(text, /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b\u202a-\u202e\u2066-\u2069]/);
    }));

  test("could not run even if it were markup", () =>
    // The browser reports the blocked script on the console, which is the one complaint to expect.
    assert.rejects(
      open("ordinary", {}, async (page) => {
        const ran = await page.evaluate(() => {
          const violations = [];
          document.addEventListener("securitypolicyviolation", (event) => violations.push(event.effectiveDirective));
          const script = document.createElement("script");
          script.textContent = "window.ran = true";
          document.body.append(script);
          return new Promise((resolve) => setTimeout(() => resolve([window.ran ?? false, violations]), 50));
        });
        assert.deepEqual(ran, [false, ["script-src-elem"]]);
      }),
      /console: .*violates the following Content Security Policy/,
    ));
});

describe("on paper", () => {
  for (const javaScriptEnabled of [true, false]) {
    test(`scripts ${javaScriptEnabled ? "on" : "off"}: every finding is open, the controls are gone`, () =>
      open("ordinary", { javaScriptEnabled }, async (page) => {
        await page.emulateMedia({ media: "print" });
        assert.ok(await page.locator("#controls").isHidden());
        assert.ok(await page.locator("nav").isHidden());
        for (const part of [".title", ".steps", ".why dl"]) {
          const box = await page.locator(`#list > .f ${part}`).last().boundingBox();
          assert.ok(box && box.height > 0, part);
        }
        const pdf = await page.pdf({ preferCSSPageSize: true });
        assert.ok(pdf.length > 50_000, "the PDF holds the findings");
      }));
  }

  test("what the filter left is what is printed", () =>
    open("ordinary", {}, async (page) => {
      await searchFor(page, "31337", "1 of 12 findings");
      await page.emulateMedia({ media: "print" });
      assert.equal(await page.locator("#list > .f:visible").count(), 1);
    }));
});
