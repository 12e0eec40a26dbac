// Opens reports in Chromium and does what a reader does. `node drive.mjs CHECK FOLDER` runs one check on the reports that
// `tests/browser.rs` wrote into FOLDER; `node drive.mjs shot FILE PICTURE WIDTH THEME [ID] [HEIGHT]` takes a picture, and `sheet FILE
// PICTURE` one of a page on every screen and on paper.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { statSync } from "node:fs";

const require = createRequire(process.env.WINDTUNNEL_MODULES + "/");
const { chromium } = require("playwright-core");
const [check, folder, ...rest] = process.argv.slice(2);

const browser = await chromium.launch({
  executablePath: process.env.WINDTUNNEL_CHROMIUM,
  args: ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--force-color-profile=srgb"],
});

/** Opens a report without a network, and notes what it complains of and asks for. */
async function open(file, { width = 1440, height = 950, theme = "light", touch = false } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, offline: true, hasTouch: touch, reducedMotion: "reduce" });
  const page = await context.newPage();
  const said = [];
  const asked = [];
  page.on("console", (message) => said.push(`${message.type()}: ${message.text()}`));
  page.on("pageerror", (error) => said.push(`error: ${error.stack}`));
  page.on("dialog", (dialog) => {
    said.push(`dialog: ${dialog.message()}`);
    dialog.dismiss();
  });
  page.on("request", (request) => asked.push(request.url()));
  const start = performance.now();
  await page.goto(pathToFileURL(file).href);
  // A brief has no program, and is ready when it is there.
  if (await page.locator("script").count()) await page.waitForSelector("html[data-ready]", { state: "attached" });
  // Opened means drawn: two frames after the program is done.
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  const took = performance.now() - start;
  return { page, said, asked, took };
}

const settled = (page) => page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 30)))));
/** Waits until a text is as it should be: under load a picture may take longer than any fixed time. */
const says = async (locator, wanted) => {
  for (let i = 0; i < 100; i += 1) {
    if (wanted.test(await locator.textContent())) return;
    await locator.page().waitForTimeout(50);
  }
  assert.match(await locator.textContent(), wanted);
};
/** Waits until something is so. */
const until = async (page, what, words) => {
  for (let i = 0; i < 100; i += 1) {
    if (await what()) return;
    await page.waitForTimeout(50);
  }
  assert.ok(await what(), words);
};
/** Opens a folded section by its place in the navigation. */
const unfolded = async (page, id) => {
  await page.locator(`.top nav a[href='#${id}']`).click();
  await page.locator(`#${id} > details[open]`).waitFor();
  await settled(page);
};
const show = (page, id) => page.evaluate((one) => document.getElementById(one).scrollIntoView({ block: "start", behavior: "instant" }), id);

/** A point of the heat map: as shares of its plot area and of its height. */
async function heat(page, across, down) {
  const box = await page.locator(".heat canvas").boundingBox();
  const left = box.width < 560 ? 92 : 150;
  const right = box.width < 560 ? 10 : 18;
  return { x: box.x + left + (box.width - left - right) * across, y: box.y + box.height * down };
}

const readout = (page) => page.locator(".chart .readout").first().textContent();

const run = `${folder}/run/report.html`;
const compared = `${folder}/compare/report.html`;

const checks = {
  async opens() {
    for (const file of [run, compared]) {
      const { page, said, asked } = await open(file);
      assert.deepEqual(said, [], "nothing is said on the console");
      assert.deepEqual(asked.filter((url) => !url.startsWith("data:")), [pathToFileURL(file).href], "nothing is asked for but the file");
      const order = await page.evaluate(() => [...document.querySelectorAll("main > section")].map((one) => one.id));
      const wanted = file === run
        ? ["moments", "fleet", "blast", "assumptions", "rules", "ledger"]
        : ["decision", "policies", "comparison", "moments", "fleet", "blast", "assumptions", "rules", "ledger"];
      assert.deepEqual(order, wanted);
      assert.match(await page.locator(".verdict").textContent(), /harm/);
      // The first screen says what happened, whether it met the objective, and what to change.
      const first = await page.evaluate(() => [...document.querySelectorAll("h1, .answer h2, .decision thead")].filter((one) => one.getBoundingClientRect().bottom < innerHeight).map((one) => one.textContent).join(" | "));
      for (const words of file === run ? [/harm/, /meet the objective\?/, /What to change/] : [/objective/, /What to change/, /runs that meet the objective/]) assert.match(first, words);
      assert.match(await page.locator(".command code").textContent(), /^windtunnel (run|compare) scenarios\/stale-image-scale-out\.yaml/);
      assert.ok((await page.locator(".uplot").count()) >= 3, "charts are drawn");
      const inked = await page.evaluate(() => [...document.querySelectorAll("main canvas")].filter((canvas) => {
        const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
        return data.some((value) => value !== 0);
      }).length);
      assert.equal(inked, await page.locator("main canvas").count(), "no canvas is empty");
    }
  },

  async hostile() {
    const { page, said, asked } = await open(`${folder}/hostile/report.html`);
    assert.deepEqual(said, []);
    assert.equal(asked.filter((url) => !url.startsWith("data:")).length, 1);
    assert.equal(await page.evaluate(() => window.hacked), undefined);
    assert.equal(await page.locator(".scene b").textContent(), `</script><script>window.hacked = 1</script><img src=x onerror="window.hacked = 2">`);
    assert.equal(await page.locator("img").count(), 0);
    assert.match(await page.locator("#ledger").textContent(), /<b onmouseover=/);
  },

  async cursor() {
    const { page, said } = await open(run);
    await show(page, "stack");
    const at = await heat(page, 0.32, 0.88);
    await page.mouse.move(at.x, at.y);
    await settled(page);
    assert.ok(await page.locator(".stack > .cursor").isVisible(), "the cursor is over every chart");
    const stack = await page.locator("#stack").boundingBox();
    const line = await page.locator(".stack > .cursor").boundingBox();
    assert.ok(Math.abs(line.x - at.x) < 3, "it is where the pointer is");
    assert.ok(line.height > stack.height - 40, "it runs through all of them");
    for (const text of await page.locator(".chart .readout").allTextContents()) assert.notEqual(text, "", "each chart says what holds there");
    const tip = await page.locator(".tip").textContent();
    assert.match(tip, /vmss-web_2/);
    assert.match(tip, /in rotation with old code/);
    const before = await readout(page);
    const later = await heat(page, 0.9, 0.88);
    await page.mouse.move(later.x, later.y);
    await settled(page);
    assert.notEqual(await readout(page), before);
    assert.match(await page.locator(".panel").textContent(), /3 in rotation, 3 ready/);
    await page.mouse.move(stack.x + 20, stack.y - 60);
    await settled(page);
    assert.ok(await page.locator(".stack > .cursor").isHidden(), "it goes when the pointer does");
    assert.deepEqual(said, []);
  },

  async why() {
    const { page, said } = await open(run);
    await show(page, "stack");
    const at = await heat(page, 0.32, 0.88);
    await page.mouse.click(at.x, at.y);
    await settled(page);
    const panel = page.locator(".panel");
    const text = await panel.textContent();
    assert.match(text, /vmss-web_2/);
    assert.match(text, /in rotation with old code/);
    assert.match(text, /code c41/);
    assert.match(text, /because vmss-web_2 answers its probe/);
    assert.match(text, /set the capacity of vmss-web to 3/);
    // The cursor stays when the pointer goes.
    await page.mouse.move(5, 5);
    await settled(page);
    assert.ok(await page.locator(".stack > .cursor.pinned").isVisible());
    const rule = panel.locator("a[href='#rule-LB-08']").first();
    await rule.click();
    assert.equal(await page.evaluate(() => location.hash), "#rule-LB-08");
    assert.ok(await page.locator("#rule-LB-08").isVisible());
    assert.match(await page.locator("#rule-LB-08 .sources a").first().getAttribute("href"), /^https:\/\//);
    const source = panel.locator("a.out").first();
    assert.match(await source.getAttribute("href"), /^https:\/\//);
    assert.equal(await source.getAttribute("target"), "_blank");
    const cause = panel.locator(".chain li").nth(1).locator("a.entry");
    const entry = (await cause.textContent()).slice(1);
    await cause.click();
    await settled(page);
    const item = page.locator(`#entry-${entry}`);
    assert.equal(await item.locator("button.head").getAttribute("aria-expanded"), "true");
    assert.ok(await item.locator(".chain").isVisible());
    assert.ok(await item.evaluate((one) => { const box = one.getBoundingClientRect(); return box.top >= 0 && box.top < innerHeight; }), "it is on the screen");
    assert.ok(await item.locator("button.head").evaluate((one) => one === document.activeElement), "and has the focus");
    assert.deepEqual(said, []);
  },

  async moments() {
    const { page } = await open(run);
    assert.equal(await page.locator(".moments > li").count(), 3);
    await page.locator("button.moment").first().click();
    await settled(page);
    await says(page.locator(".panel h3"), /^09:10:\d\d UTC/);
    assert.equal(await page.locator(".ruler .marker").count(), 3);
    await page.locator(".ruler .marker").nth(2).click();
    await settled(page);
    await says(page.locator(".panel h3"), /^09:16:\d\d UTC/);
  },

  async rollout() {
    const { page, said } = await open(`${folder}/bake/report.html`);
    assert.equal(await page.locator(".moments > li").count(), 3);
    assert.match(await page.locator(".moments").textContent(), /halt.*Faulted.*MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade/);
    // The stretch of the moments is a small part of the run.
    await page.locator("#stack").focus();
    const whole = await page.locator(".where").textContent();
    await page.keyboard.press("m");
    await settled(page);
    assert.notEqual(await page.locator(".where").textContent(), whole);
    // Somewhere in the lanes is the batch, from its beginning to its end, and the end of the upgrade in Azure's words.
    const box = await page.locator(".events canvas").boundingBox();
    const seen = new Set();
    for (let y = box.y + 6; y < box.y + box.height; y += 8) {
      for (let x = box.x + 152; x < box.x + box.width - 20; x += 24) {
        await page.mouse.move(x, y);
        const tip = page.locator(".tip");
        if (await tip.isVisible()) seen.add(await tip.textContent());
      }
    }
    const all = [...seen].join("\n");
    for (const words of [/batch 1 of vmss-authz-eastus, 4 instances in zone 1/, /MaxUnhealthyUpgradedInstancePercentExceededInRollingUpgrade/, /click: in the ledger/]) assert.match(all, words);
    // Who ran which image is a chart of its own, from the fleet's own count.
    assert.match(await page.locator(".chart figcaption").last().textContent(), /Images of instances/);
    assert.deepEqual(said, []);
  },

  async zoom() {
    const { page, said } = await open(run);
    await show(page, "stack");
    const where = page.locator(".where");
    const whole = await where.textContent();
    const [a, b] = [await heat(page, 0.25, 0.5), await heat(page, 0.5, 0.5)];
    await page.mouse.move(a.x, a.y);
    await page.mouse.down();
    await page.mouse.move(b.x, b.y, { steps: 5 });
    assert.ok(await page.locator(".band-select").isVisible(), "what is chosen shows");
    await page.mouse.up();
    await settled(page);
    assert.match(await where.textContent(), /^09:11:\d\d to 09:22:\d\d UTC, 11 min.* of 45 min$/);
    await page.keyboard.down("Shift");
    await page.mouse.move(b.x, b.y);
    await page.mouse.down();
    await page.mouse.move(b.x - 200, b.y, { steps: 5 });
    await page.mouse.up();
    await page.keyboard.up("Shift");
    await settled(page);
    assert.match(await where.textContent(), /^09:1[3-9]:\d\d to 09:2[4-9]:/, "shift and drag pans");
    await page.mouse.dblclick(a.x, a.y);
    await settled(page);
    assert.equal(await where.textContent(), whole);
    await page.getByRole("button", { name: "zoom in" }).click();
    await settled(page);
    assert.notEqual(await where.textContent(), whole);
    await page.getByRole("button", { name: "the whole run" }).click();
    await settled(page);
    assert.equal(await where.textContent(), whole);
    await page.mouse.move(a.x, a.y);
    await page.keyboard.down("Control");
    await page.mouse.wheel(0, -200);
    await page.keyboard.up("Control");
    await settled(page);
    assert.notEqual(await where.textContent(), whole, "ctrl and wheel zooms");
    assert.deepEqual(said, []);
  },

  async keyboard() {
    const { page, said } = await open(run);
    const isStack = () => page.evaluate(() => document.activeElement?.id === "stack");
    for (let i = 0; i < 60 && !(await isStack()); i += 1) await page.keyboard.press("Tab");
    assert.ok(await isStack(), "the charts are reached by Tab");
    await page.keyboard.press("1");
    const head = page.locator(".panel h3");
    await says(head, /^09:10:\d\d UTC/);
    await page.keyboard.press("ArrowRight");
    await says(head, /^09:12:\d\d UTC/);
    await page.keyboard.press("ArrowLeft");
    await says(head, /^09:10:\d\d UTC/);
    for (let i = 0; i < 3; i += 1) await page.keyboard.press("ArrowDown");
    await says(page.locator(".panel h4"), /^vmss-web_2/);
    // Zoom, cursor and instance are in the address, and a link brings them back.
    const whole = await page.locator(".where").textContent();
    await page.keyboard.press("+");
    const where = () => page.locator(".where").textContent();
    await until(page, async () => (await where()) !== whole, "plus zooms");
    await until(page, () => page.evaluate(() => /^#view=from:\d+,to:\d+,at:\d+,instance:vmss-web_2$/.test(location.hash)), "the address keeps the view");
    const [near, link] = [await where(), page.url()];
    const other = await page.context().newPage();
    await other.goto(link);
    await other.waitForSelector("html[data-ready]", { state: "attached" });
    await says(other.locator(".panel h4"), /^vmss-web_2/);
    assert.equal(await other.locator(".where").textContent(), near);
    await other.close();
    await page.keyboard.press("0");
    await until(page, async () => (await where()) === whole, "zero shows all of it");
    // Keys that need no place work wherever the focus is.
    await page.locator("#theme").focus();
    await page.keyboard.press("m");
    await until(page, async () => (await where()) !== whole, "m works on a button");
    await page.keyboard.press("0");
    await until(page, async () => (await where()) === whole, "and so does zero");
    await page.locator("#stack").focus();
    await page.keyboard.press("Enter");
    assert.ok(await page.evaluate(() => document.querySelector(".panel").contains(document.activeElement)), "Enter leads to why");
    await page.locator("#stack").focus();
    await page.keyboard.press("Escape");
    await until(page, () => page.locator(".stack > .cursor").isHidden(), "Escape lets go");
    assert.deepEqual(said, []);
  },

  async filter() {
    const { page, said } = await open(run);
    await unfolded(page, "ledger");
    const count = page.locator("#ledger .count");
    const all = await count.textContent();
    const wait = () => page.waitForTimeout(250);
    await page.locator("#filter").fill("probe vmss-web_2");
    await wait();
    assert.match(await count.textContent(), /^1 of \d+ entries$/);
    await page.locator("#filter").fill("LB-08");
    await wait();
    assert.match(await page.locator(".entries").textContent(), /LB-08/);
    await page.locator("#filter").fill("#24");
    await wait();
    assert.equal(await page.locator(".entries > li").count(), 1);
    await page.locator(".entries button.head").click();
    assert.ok(await page.locator(".entries .chain").isVisible());
    await page.locator("#filter").fill("nothing says this");
    await wait();
    assert.match(await count.textContent(), /^0 of/);
    await page.locator("#filter").fill("");
    await page.locator("#kind").selectOption("harmStarted");
    await wait();
    assert.equal(await page.locator(".entries > li").count(), 1);
    await page.locator("#kind").selectOption("");
    await wait();
    assert.equal(await count.textContent(), all);
    assert.deepEqual(said, []);
  },

  async theme() {
    const { page, said } = await open(run, { theme: "dark" });
    const ground = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    const inked = () => page.evaluate(() => {
      // Read from a copy: to read the canvas itself again and again would be complained of.
      const canvas = document.querySelector(".heat canvas");
      const copy = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
      copy.drawImage(canvas, Math.round(canvas.width * 0.8), 10, 1, 1, 0, 0, 1, 1);
      return [...copy.getImageData(0, 0, 1, 1).data].join();
    });
    const [dark, darkInk] = [await ground(), await inked()];
    assert.equal(dark, "rgb(18, 22, 28)", "the system's choice is followed");
    await page.locator("#theme").click();
    await settled(page);
    assert.equal(await ground(), "rgb(255, 255, 255)");
    assert.notEqual(await inked(), darkInk, "the heat map changes too");
    await page.locator("#theme").click();
    await settled(page);
    assert.equal(await inked(), darkInk);
    await page.pdf({ format: "A4", printBackground: true });
    assert.equal(await ground(), dark, "printing changes nothing on the screen");
    // On paper no cell is squeezed to a column of letters by the longest word of another.
    const paper = await open(`${folder}/bake/report.html`, { width: 718 });
    await unfolded(paper.page, "blast");
    await paper.page.locator("#blast .all-measures").evaluate((one) => (one.open = true));
    await paper.page.emulateMedia({ media: "print" });
    await paper.page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    await settled(paper.page);
    const rows = await paper.page.evaluate(() => [...document.querySelectorAll("#blast tr")].map((row) => row.getBoundingClientRect().height));
    assert.ok(rows.length > 30 && Math.max(...rows) < 120, `rows are at most ${Math.max(...rows)} pixels high`);
    assert.deepEqual(said, []);
  },

  async sizes() {
    for (const file of [run, compared, ...["storm", "bake", "bakes"].map((name) => `${folder}/${name}/report.html`)]) {
      for (const width of [1440, 1024, 390]) {
        // Colours change no width: one screen is enough in the dark.
        for (const theme of width === 1024 ? ["light", "dark"] : ["light"]) {
          const { page, said } = await open(file, { width, theme, touch: width === 390 });
          const over = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          assert.ok(over <= 0, `${file} at ${width}: ${over} pixels too wide`);
          assert.deepEqual(said, []);
          await page.context().close();
        }
      }
    }
  },

  async brief() {
    for (const name of ["run", "compare", "bake", "bakes"]) {
      const file = `${folder}/${name}/brief.html`;
      for (const width of [1440, 390]) {
        const { page, said, asked } = await open(file, { width });
        assert.deepEqual(said, []);
        assert.equal(asked.filter((url) => !url.startsWith("data:")).length, 1, "nothing is asked for but the file");
        assert.equal(await page.locator("script").count(), 0);
        assert.ok((await page.evaluate(() => document.documentElement.scrollWidth - innerWidth)) <= 0, `${name} at ${width}`);
        for (const words of [/harm/, /Recommendation/, /How sure/, /What it rests on/]) assert.match(await page.locator("body").textContent(), words);
        const pdf = await page.pdf({ format: "A4", printBackground: true, preferCSSPageSize: true });
        const pages = pdf.toString("latin1").match(/\/Type\s*\/Page[^s]/g).length;
        assert.equal(pages, 1, `${name} is one sheet`);
        await page.context().close();
      }
    }
  },

  async scorecard() {
    for (const name of ["card", "card-against", "card-unserved"]) {
      const file = `${folder}/${name}/scorecard.html`;
      const grounds = new Set();
      for (const theme of ["light", "dark"]) {
        const { page, said, asked } = await open(file, { theme });
        assert.deepEqual(asked.filter((url) => !url.startsWith("data:")), [pathToFileURL(file).href]);
        assert.equal(await page.evaluate(() => window.hacked), undefined);
        grounds.add(await page.evaluate(() => getComputedStyle(document.body).backgroundColor));
        // With everything unfolded, nothing is wider than the screen, cut off, or over something else.
        await page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
        for (const width of theme === "light" ? [1440, 1280, 1261, 1260, 1024, 961, 960, 600, 390] : [1440, 390]) {
          await page.setViewportSize({ width, height: 950 });
          await settled(page);
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          assert.ok(wide <= 0, `${name} at ${width}: ${wide} pixels too wide`);
          const wrong = await page.evaluate(() => {
            const found = [];
            const shown = (one) => one.getClientRects().length > 0;
            const say = (what, one) => found.push(`${what}: ${one.className} ${one.textContent.trim().slice(0, 60)}`);
            for (const one of document.querySelectorAll("#page *:not(svg *):not(.over *):not(.axis *):not(.grid):not(.row):not(.ax):not(.track):not(.track *):not(.ob)")) {
              if (shown(one) && one.scrollWidth > one.clientWidth + 1 && one.clientWidth > 0 && getComputedStyle(one).display !== "inline") say("cut off", one);
            }
            for (const row of document.querySelectorAll(".row, .hd, .best, .hero, .tl, header")) {
              const boxes = [...row.children].filter(shown).map((one) => [one, one.getBoundingClientRect()]);
              for (const [a, [one, box]] of boxes.entries()) {
                for (const [other, beside] of boxes.slice(a + 1)) {
                  const across = Math.min(box.right, beside.right) - Math.max(box.left, beside.left);
                  const down = Math.min(box.bottom, beside.bottom) - Math.max(box.top, beside.top);
                  if (across > 1 && down > 1) say(`over ${other.className}`, one);
                }
              }
            }
            for (const axis of document.querySelectorAll(".axis")) {
              const ticks = [...axis.children].filter(shown).map((one) => one.getBoundingClientRect());
              for (let at = 1; at < ticks.length; at += 1) if (ticks[at].left < ticks[at - 1].right) say("ticks touch", axis);
            }
            for (const mark of document.querySelectorAll(".track i, .track span")) {
              const [own, track] = [mark.getBoundingClientRect(), mark.parentElement.getBoundingClientRect()];
              if (shown(mark) && (own.right < track.left - 7 || own.left > track.right + 7)) say("beside the axis", mark.parentElement.parentElement.parentElement);
            }
            return found;
          });
          assert.deepEqual(wrong, [], `${name} at ${width}`);
        }
        assert.deepEqual(said, []);
        await page.context().close();
      }
      assert.equal(grounds.size, 2, "light and dark differ");
      const { page } = await open(file);
      const told = await page.locator("dt").count();
      assert.ok(told >= 14);
      assert.equal(await page.locator(".row").count() + await page.locator(".not li").count(), told, "every incident has its place");
      // Each incident leads to what happens in it, and all that can be unfolded is, without a mouse.
      const links = page.locator("a");
      assert.equal(await links.count(), told, "incidents are links");
      const reached = new Set();
      for (let at = 0; at < 40; at += 1) {
        await page.keyboard.press("Tab");
        const now = await page.evaluate(() => {
          const one = document.activeElement;
          const outlined = getComputedStyle(one).outlineStyle !== "none";
          return ["A", "SUMMARY"].includes(one.tagName) && outlined ? one.getAttribute("href") ?? one.textContent : null;
        });
        if (now) reached.add(now);
      }
      assert.equal(reached.size, await links.count() + await page.locator("summary").count(), [...reached].join(", "));
      const target = await links.first().getAttribute("href");
      assert.ok(await page.locator(target).isHidden());
      await links.first().focus();
      await page.keyboard.press("Enter");
      await page.locator(target).waitFor({ state: "visible" });
      await page.context().close();
      const paper = await open(file);
      const pdf = await paper.page.pdf({ printBackground: true, preferCSSPageSize: true });
      assert.equal(pdf.toString("latin1").match(/\/Type\s*\/Page[^s]/g).length, 1, `${name} is one sheet`);
      await paper.page.context().close();
    }
  },

  async touch() {
    const { page } = await open(run, { width: 390, height: 844, touch: true });
    await show(page, "stack");
    const at = await heat(page, 0.33, 0.88);
    await page.touchscreen.tap(at.x, at.y);
    await settled(page);
    assert.match(await page.locator(".panel h4").textContent(), /^vmss-web_2/);
  },

  async compare() {
    const { page, said } = await open(compared);
    // The objective is one line through the rows, and the words of a row say what its mark says.
    const lines = await page.evaluate(() => [...document.querySelectorAll(".decision tbody .objective")].map((one) => Math.round(one.getBoundingClientRect().left)));
    assert.ok(lines.length === 6 && new Set(lines).size === 1, `one line through all rows, at ${lines}`);
    assert.match(await page.locator(".decision tr[data-row=as-written]").textContent(), /0 of 60/);
    assert.match(await page.locator(".decision .take").textContent(), /take this60 of 60|60 of 60/);
    const cards = page.locator(".card.policy");
    assert.equal(await cards.count(), 6);
    await show(page, "policies");
    const box = await cards.nth(0).locator(".band").boundingBox();
    await page.mouse.move(box.x + box.width * 0.33, box.y + 20);
    await settled(page);
    const texts = await page.locator(".card .readout").allTextContents();
    assert.equal(new Set(texts.map((text) => text.split(" UTC")[0])).size, 1, "one cursor for all");
    assert.match(texts[0], /33\.333 % harmed/);
    for (let i = 0; i < 6; i += 1) assert.ok(await cards.nth(i).locator(".cursor").isVisible());
    assert.match(await page.locator("[data-policy=version-probe] .diff").textContent(), /requestPath.*− \/healthz.*\+ \/version/);
    await page.locator("[data-policy=slow-trigger] button.focus").click();
    await settled(page);
    assert.equal(await page.locator("#run").evaluate((one) => one.selectedOptions[0].textContent), "slow-trigger");
    assert.match(await page.locator("[data-policy=slow-trigger]").getAttribute("class"), /focused/);
    await page.locator("#run").selectOption({ label: "baked-image" });
    await settled(page);
    assert.match(await page.locator(".moments").textContent(), /first change.*last change/, "nobody was harmed, and so it tells what changed");
    await unfolded(page, "comparison");
    const before = await page.locator(".free canvas").first().evaluate((one) => one.toDataURL());
    await page.locator("#dots").selectOption({ index: 2 });
    await settled(page);
    assert.notEqual(await page.locator(".free canvas").first().evaluate((one) => one.toDataURL()), before);
    assert.match(await page.locator("table.measures").textContent(), /better/);
    assert.deepEqual(said, []);
  },

  async forty() {
    const file = `${folder}/forty/report.html`;
    const bytes = statSync(file).size;
    assert.ok(bytes < 3e6, `${bytes} bytes`);
    const first = await open(file);
    await first.page.context().close();
    const { page, said, took } = await open(file);
    const best = Math.min(first.took, took);
    console.log(`${(bytes / 1e6).toFixed(2)} MB, open after ${Math.round(best)} ms (${Math.round(first.took)} ms the first time)`);
    assert.ok(best < 2000, `it opens after ${Math.round(best)} ms`);
    assert.deepEqual(said, []);
    // All forty and the reference are in the table, and none is wider than the page.
    assert.equal(await page.locator(".decision tr.row").count(), 41);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  },

  async large() {
    const file = `${folder}/storm/report.html`;
    const bytes = statSync(file).size;
    assert.ok(bytes < 10e6, `${bytes} bytes`);
    // The first start of a browser reads its own files; a second tab is what a reader meets. The better of two counts.
    const first = await open(file);
    const { page, said, took } = await open(file);
    const best = Math.min(first.took, took);
    console.log(`${(bytes / 1e6).toFixed(2)} MB, open after ${Math.round(best)} ms (${Math.round(first.took)} ms the first time)`);
    assert.ok(best < 2000, `it opens after ${Math.round(best)} ms`);
    assert.match(await page.locator("#ledger .count").textContent(), /^1\d\d \d\d\d entries$/);
    await show(page, "stack");
    const at = await heat(page, 0.5, 0.3);
    await page.mouse.move(at.x, at.y);
    await settled(page);
    assert.match(await page.locator(".tip").textContent(), /click: unfold/);
    const height = (await page.locator(".heat canvas").boundingBox()).height;
    await page.mouse.click(at.x, at.y);
    await settled(page);
    assert.ok((await page.locator(".heat canvas").boundingBox()).height > height + 200, "a group unfolds");
    await unfolded(page, "ledger");
    const start = Date.now();
    await page.locator("#filter").fill("vmss_99 cannot serve");
    await page.waitForFunction(() => / of /.test(document.querySelector("#ledger .count").textContent));
    assert.ok(Date.now() - start < 1500, "the filter is quick");
    await page.locator("#stack").focus();
    await page.keyboard.press("ArrowDown");
    await settled(page);
    assert.match(await page.locator(".panel h4").textContent(), /^vmss_/);
    assert.deepEqual(said, []);
  },
};

/** Takes a picture of a report: of the top, or from an element on. */
async function shot() {
  const [picture, width, theme, id, height] = rest;
  const { page } = await open(folder, { width: Number(width), height: Number(height || 950), theme });
  if (id === "why") {
    await show(page, "fleet");
    const at = await heat(page, 0.32, 0.88);
    await page.mouse.click(at.x, at.y);
  } else if (id === "upgrade") {
    // The stretch of the moments, with the instance that is first in the heat map.
    await show(page, "fleet");
    await page.getByRole("button", { name: "the stretch of the moments" }).click();
    await settled(page);
    const at = await heat(page, 0.3, 0.042);
    await page.mouse.click(at.x, at.y);
  } else if (id && id !== "top") await show(page, id);
  await settled(page);
  await page.screenshot({ path: picture });
}

/** A page as desks, laptops, telephones and paper have it, light and dark, in one picture. */
async function sheet() {
  const [picture] = rest;
  const taken = [];
  const take = async (words, width, height, theme, paper = false) => {
    const { page } = await open(folder, { width, height, theme });
    if (paper) {
      await page.emulateMedia({ media: "print" });
      await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
    }
    await settled(page);
    taken.push({ words, width, image: (await page.screenshot()).toString("base64") });
    await page.context().close();
  };
  await take("1440 px, light", 1440, 1000, "light");
  await take("1440 px, dark", 1440, 1000, "dark");
  await take("1024 px, light", 1024, 1000, "light");
  await take("1024 px, dark", 1024, 1000, "dark");
  await take("390 px, light", 390, 1000, "light");
  await take("390 px, dark", 390, 1000, "dark");
  await take("printed", 794, 1123, "light", true);
  const context = await browser.newContext({ viewport: { width: 1700, height: 900 }, offline: true });
  const page = await context.newPage();
  const figures = taken.map(({ words, width, image }) => `<figure><img width="${width * 0.44}" src="data:image/png;base64,${image}"><figcaption>${words}</figcaption></figure>`);
  await page.setContent(`<style>body { margin: 16px; display: flex; flex-wrap: wrap; gap: 14px; font: 13px sans-serif; background: #8d96a3 } figure { margin: 0 } img { display: block }</style>${figures.join("")}`);
  await page.evaluate(() => Promise.all([...document.images].map((one) => one.decode())));
  await page.screenshot({ path: picture, fullPage: true });
}

try {
  await (check === "shot" ? shot() : check === "sheet" ? sheet() : checks[check]());
} finally {
  await browser.close();
}
