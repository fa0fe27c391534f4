// The portal in a browser, from a session that the command line creates to what a person reads. The last line is in
// unittest's form, so that tests/summary.py counts each test.
import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import process from "node:process";
import { browser, open, receiver, sandbox, selfieOf, verify } from "./world.mjs";

const tests = [];
const test = (name, run) => tests.push([name, run]);
const hooks = await receiver();
const DELAY = 700;
const at = await sandbox("--decision-url", hooks.url, "--decision-delay-ms", String(DELAY));
const { context, ...chrome } = await browser();
const state = (page, check) => page.locator(`g.node[data-check="${check}"]`).getAttribute("data-state");
const decided = (page) => page.waitForSelector('article[data-status="approved"], article[data-status="declined"]');
const widthOf = (page) => page.evaluate(() => document.documentElement.scrollWidth);

test("a session decides before one's eyes, and is drawn as a cascade", async () => {
  const page = await open(context, at);
  await page.getByText("Live", { exact: true }).waitFor();
  const ends = verify(at, "581000001", ["--first-name", "ANA", "--vendor-data", "case-1"]);
  await page.waitForSelector('article[data-status="submitted"]');
  assert.equal(await state(page, "person_registered"), "waiting");
  await page.waitForSelector('article[data-status="declined"]');
  const { code, verdict } = await ends;
  assert.equal(code, 1);
  assert.equal(verdict.root_cause, "selfie_registry_match");
  const nodes = await page.locator("g.node").evaluateAll((all) => all.map((n) => [n.dataset.check, n.dataset.state]));
  assert.deepEqual(nodes.slice(0, 5), [["consent_obtained", "passed"], ["registry_contact", "passed"],
    ["person_registered", "passed"], ["selfie_registry_match", "failed"], ["not_reported_lost_or_stolen", "skipped"]]);
  assert.equal(nodes.length, 11);
  assert.ok(nodes.slice(4).every(([, s]) => s === "skipped"));
  const failed = await page.locator('g.node[data-state="failed"]').textContent();
  assert.match(failed, /Failed/);
  assert.match(await page.locator('g.node[data-check="issue_year_match"]').textContent(), /by Selfie/);
  assert.ok(await page.locator("path.edge").count() >= 10);
  assert.match(await page.locator("h2").first().textContent(), /Declined: ANA/);
  assert.equal(await page.locator("#list a").count(), 1);
  return page;
});

test("each state has a shape and a word of its own", async () => {
  await verify(at, "900100002", ["--first-name", "JUAN"]);
  await verify(at, "901000001");
  await verify(at, "904000001");
  await verify(at, "900100004").catch(() => null);
  const seen = new Map();
  const { sessions } = await at.get("/sandbox/sessions");
  const page = await open(context, at);
  for (const { id } of sessions) {
    await page.goto(`${at.base_url}/portal#/sessions/${id}`);
    await page.waitForSelector(`article[data-session="${id}"]`);
    await decided(page).catch(() => null);
    for (const [s, shape, word] of await page.locator("g.node").evaluateAll((all) => all.map((n) =>
      [n.dataset.state, [...n.querySelectorAll(".glyph > *")].map((p) => p.outerHTML).join(""), n.querySelector(".word").firstChild.data]))) seen.set(s, [shape, word]);
  }
  for (const s of ["passed", "failed", "skipped", "no_input", "not_enabled", "inconclusive", "not_run", "unrecognised"]) assert.ok(seen.has(s), s);
  assert.equal(new Set([...seen.values()].map(([shape]) => shape)).size, seen.size);
  assert.equal(new Set([...seen.values()].map(([, word]) => word)).size, seen.size);
  return page;
});

test("a webhook is shown with its signature and answer, and is sent again", async () => {
  hooks.state.status = 503;
  hooks.state.answer = "busy <b>now</b>";
  const before = hooks.got.length;
  await verify(at, "900100001", ["--vendor-data", "case-hook"]);
  const page = await open(context, at, "/portal#/webhooks");
  await page.waitForSelector("article[data-webhook]");
  await page.getByText("Only 200 counts as accepted.").waitFor();
  await page.getByText("Verifies", { exact: true }).waitFor();
  assert.match(await page.locator("article").textContent(), /busy <b>now<\/b>/);
  assert.match(await page.getByRole("region", { name: "Payload" }).textContent(), /"vendorData": "case-hook"/);
  hooks.state.status = 200;
  hooks.state.answer = "taken";
  await page.getByRole("button", { name: "Send again" }).click();
  await page.getByText("Try 2", { exact: true }).waitFor();
  await page.getByText("Accepted: it will not be sent again.").waitFor();
  assert.equal(hooks.got.length, before + 2);
  const [first, second] = hooks.got.slice(before);
  assert.deepEqual(first.body, second.body);
  const right = createHmac("sha256", at.secret).update(second.body).digest("hex");
  assert.equal(second.headers["x-hmac-signature"], right);
  return page;
});

test("a signature that does not hold is called so, and why", async () => {
  const change = (body) => fetch(`${at.base_url}/sandbox/integrations/${at.api_key}`,
    { method: "PATCH", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
  const page = await open(context, at, "/portal#/webhooks");
  for (const [fault, text] of [["wrong_signature", "The signature is not that of these bytes."],
    ["reindented", "The bytes were changed after they had been signed."], ["unsigned", "The delivery carries no signature."],
    ["other_tenant", "X-AUTH-CLIENT names another integration."]]) {
    assert.equal((await change({ webhook_fault: fault })).status, 200);
    await verify(at, "900100001", ["--vendor-data", fault]);
    await page.getByText(text).waitFor();
    await page.getByText("Does not verify").waitFor();
  }
  assert.equal((await change({ webhook_fault: "none" })).status, 200);
  return page;
});

test("a person is added by keyboard and then verified", async () => {
  const page = await open(context, at, "/portal#/people");
  await page.getByLabel("CIC (required)").focus();
  await page.keyboard.type("12345");
  await page.keyboard.press("Enter");
  await page.getByText("The CIC has 9 digits.").waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.name), "cic");
  await page.keyboard.type("6789");
  for (const text of ["", "JOSÉ", "PÉREZ", "SOTO", "pepe"]) {
    await page.keyboard.press("Tab");
    await page.keyboard.type(text);
  }
  await page.keyboard.press("Enter");
  await page.getByText("JOSÉ PÉREZ SOTO is in the registry.").waitFor();
  await page.getByRole("button", { name: "Remove JOSÉ PÉREZ SOTO" }).waitFor();
  assert.equal((await at.get("/sandbox/people/123456789")).face, "pepe");
  const names = ["--first-name", "JOSÉ", "--last-name", "PÉREZ", "--second-last-name", "SOTO"];
  const same = await verify(at, "123456789", names, selfieOf("ine-sandbox-face=pepe"));
  assert.equal(same.verdict.outcome, "VERIFIED");
  const other = await verify(at, "123456789", names, selfieOf("ine-sandbox-face=paco"));
  assert.equal(other.verdict.root_cause, "selfie_registry_match");
  return page;
});

test("the page can be walked by keyboard alone", async () => {
  const page = await open(context, at);
  await page.waitForSelector("#list a");
  const walk = [];
  for (let i = 0; i < 7; i++) {
    await page.keyboard.press("Tab");
    walk.push(await page.evaluate(() => {
      const a = document.activeElement, style = getComputedStyle(a);
      return { text: a.id || a.textContent.trim(), visible: style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2 };
    }));
  }
  assert.deepEqual(walk.slice(0, 5).map((w) => w.text), ["Skip to the content", "Sessions", "Webhooks", "People", "follow"]);
  assert.ok(walk.every((w) => w.visible), JSON.stringify(walk));
  await page.keyboard.press("Enter");
  const second = await page.locator("#list a").nth(1).getAttribute("href");
  await page.waitForSelector(`article[data-session="${second.split("/").pop()}"]`);
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("href")), second);
  for (let i = 0; i < 4; i++) await page.keyboard.press("Shift+Tab");
  await page.keyboard.press("Enter");
  await page.waitForSelector("article[data-webhook]");
  assert.equal(await page.locator("nav a[aria-current]").textContent(), "Webhooks");
  return page;
});

test("text from outside stays text", async () => {
  const bad = `<script>alert(1)</script><img src=x onerror=alert(2)>"'`;
  assert.equal((await at.post("/sandbox/people", { cic: "222222222", first_name: bad, last_name: `</title>${bad}` })).status, 201);
  await verify(at, "222222222", ["--vendor-data", bad, "--first-name", bad, "--last-name", "javascript:alert(3)"]);
  const page = await open(context, at);
  await decided(page);
  assert.ok((await page.locator("article").textContent()).includes(bad));
  for (const path of ["webhooks", "people"]) {
    await page.goto(`${at.base_url}/portal#/${path}`);
    await page.waitForFunction((text) => document.getElementById("content").textContent.includes(text), bad.slice(0, 20));
  }
  assert.equal(await page.locator("main script, main img").count(), 0);
  assert.equal(await page.locator("script").count(), 1);
  return page;
});

test("dark, 320 and 360 pixels wide, less motion", async () => {
  const page = await open(context, at);
  await page.waitForSelector("#list a");
  const colours = () => page.evaluate(() => [getComputedStyle(document.body).backgroundColor, getComputedStyle(document.body).color]);
  const light = await colours();
  await page.emulateMedia({ colorScheme: "dark", reducedMotion: "reduce" });
  const dark = await colours();
  assert.notDeepEqual(light, dark);
  assert.equal(await page.evaluate(() => { const n = document.querySelector("g.node"); return n ? getComputedStyle(n).animationName : "none"; }), "none");
  const { sessions } = await at.get("/sandbox/sessions"), { webhooks } = await at.get("/sandbox/webhooks?brief=1");
  for (const width of [320, 360, 900, 901]) {
    await page.setViewportSize({ width, height: 740 });
    for (const path of ["sessions", `sessions/${sessions[0].id}`, `sessions/${sessions.at(-1).id}`, "webhooks", `webhooks/${webhooks[0].number}`, "people"]) {
      await page.goto(`${at.base_url}/portal#/${path}`);
      await page.reload();
      await page.waitForSelector(path.startsWith("sessions/") ? "g.node" : path.startsWith("webhooks/") ? "article" : path === "people" ? "form" : "#list a");
      assert.ok(await widthOf(page) <= width, `${path} at ${width}: ${await widthOf(page)}`);
    }
  }
  return page;
});

// WCAG AA: 4.5 to 1 for text. Each text's colour against the nearest background that is painted behind it.
test("text has enough contrast, light and dark", async () => {
  const page = await open(context, at);
  const poor = () => page.evaluate(() => {
    const rgb = (text) => text.match(/[\d.]+/g).map(Number);
    const light = ([r, g, b]) => [r, g, b].map((c) => (c /= 255) <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4).reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
    const behind = (node) => {
      for (; node; node = node.parentElement) {
        const box = node.matches("g.node, g.node *") ? node.closest("g.node").querySelector(".box") : null;
        const paint = box ? getComputedStyle(box).fill : getComputedStyle(node).backgroundColor;
        if (box && paint === "none") node = node.closest("svg");
        else if (rgb(paint).length === 3 || rgb(paint)[3] === 1) return rgb(paint);
      }
      return [255, 255, 255];
    };
    const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      const node = walker.currentNode.parentElement;
      if (!walker.currentNode.data.trim() || !node.getClientRects().length || node.closest("script, noscript, title, .skip, [disabled]")) continue;
      const style = getComputedStyle(node), colour = rgb(node.closest("svg") ? style.fill : style.color);
      const [a, b] = [light(colour), light(behind(node))].sort((x, y) => y - x);
      if ((a + 0.05) / (b + 0.05) < 4.5) found.push(`${node.textContent.slice(0, 40)}: ${colour} on ${behind(node)}`);
    }
    return found;
  });
  const { sessions } = await at.get("/sandbox/sessions");
  for (const colorScheme of ["light", "dark"]) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const path of [...sessions.map((x) => `sessions/${x.id}`), "webhooks", "people"]) {
      await page.goto(`${at.base_url}/portal#/${path}`);
      await page.waitForSelector(path.startsWith("sessions/") ? `article[data-session="${path.split("/")[1]}"]` : path === "people" ? "form" : "article[data-webhook]");
      assert.deepEqual(await poor(), [], `${path}, ${colorScheme}`);
    }
  }
  return page;
});

test("the page keeps to itself", async () => {
  const reply = await fetch(`${at.base_url}/portal/`);
  const policy = reply.headers.get("content-security-policy"), text = await reply.text();
  assert.equal(reply.status, 200);
  assert.equal(reply.headers.get("x-ine-sandbox"), "1");
  assert.match(policy, /default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-[^']+'; connect-src 'self'/);
  assert.doesNotMatch(policy, /unsafe|\*/);
  assert.doesNotMatch(text, /innerHTML|insertAdjacentHTML|document\.write|eval\(|(src|href)="(https?:)?\/\//);
  const refused = await fetch(`${at.base_url}/sandbox/webhooks/1/resend`, { method: "POST", headers: { Origin: "https://elsewhere.example" } });
  assert.equal(refused.status, 403);
  for (const path of ["/sandbox/sessions", "/sandbox/webhooks/1", "/sandbox/webhooks?brief=1"]) assert.ok(!JSON.stringify(await at.get(path)).includes(at.secret), path);
  const { sessions } = await at.get("/sandbox/sessions?limit=2");
  assert.equal(sessions.length, 2);
  assert.deepEqual((await at.get(`/sandbox/sessions?after=${sessions[1].number}`)).sessions.map((x) => x.id), [sessions[0].id]);
  assert.equal((await at.get(`/sandbox/sessions?limit=1&before=${sessions[0].number}`)).sessions[0].id, sessions[1].id);
});

test("listeners are few, and a stop ends them", async () => {
  const own = await sandbox();
  const listeners = [], answers = [];
  for (let i = 0; i < 33; i++) {
    const reply = await fetch(`${own.base_url}/sandbox/events`);
    answers.push(reply.status);
    if (reply.status === 200) listeners.push(reply.body.getReader());
  }
  assert.deepEqual(answers, [...Array(32).fill(200), 503]);
  await own.post("/sandbox/people", { cic: "111111111" });
  for (const reader of listeners) {
    let text = "";
    while (!text.includes("event: person")) text += Buffer.from((await reader.read()).value).toString();
    assert.match(text, /^retry: 1000\nevent: reset\n[^]*event: person\ndata: \{"ref":"111111111"\}\n\n/);
  }
  const ends = Promise.all(listeners.map((reader) => reader.read().then((x) => x.done, () => true)));
  assert.equal(await own.stop(), 0);
  assert.ok((await ends).every(Boolean));
});

let failed = 0;
for (const [name, run] of tests) {
  try {
    const page = await run();
    assert.deepEqual(page ? page.trouble : [], []);
    console.log(`ok: ${name}`);
  } catch (error) {
    failed++;
    console.log(`FAILED: ${name}\n${error.stack}`);
    for (const page of context.pages()) if (page.trouble?.length) console.log(page.trouble.join("\n"));
  }
  for (const page of context.pages().slice(1)) await page.close();
}
await chrome.close();
hooks.close();
const stopped = await at.stop();
if (stopped !== 0) failed++;
console.log(`\nRan ${tests.length} tests in ${process.uptime().toFixed(1)}s\n\n${failed ? `FAILED (failures=${failed})` : "OK"}`);
process.exit(failed ? 1 : 0);
