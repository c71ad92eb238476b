/**
 * <ma-template-check for="TEXTAREA-ID">: checks a request for management attention while it is written.
 *
 * One module, no dependencies, no innerHTML, no inline styles: it runs under a strict Content-Security-Policy and
 * Trusted Types. Everything it knows of the text comes from the service (POST v1/check, offsets in UTF-16 units).
 *
 * Attributes
 *   for           id of the text area, in the same document or shadow root
 *   endpoint      address of the service; without it the one that this module was loaded from
 *   lang          "en" or "ja"; without it the language of the page around
 *   block-submit  holds the form back while something is missing or wrong; never when the service cannot answer
 *   tools         buttons to show: some of "template mend copy"; without it all, "none" for none
 *   marks         "off": findings are not marked in the text area
 *   delay         milliseconds of rest before a check (default 300)
 *   region, date-order, timezone, fiscal-year-start, require, select, ignore: options of the check
 * Properties and methods
 *   report, check(), mend(), insertTemplate(lang), copy()
 * Events
 *   ma-report     detail: {report, text}. After every check; `report` is null where there was none
 */

const SERVICE = new URL("..", import.meta.url).href;
const SECTIONS = [
  ["reason", ["reason.impact"]],
  ["milestone", ["milestone.type", "milestone.dates"]],
  ["requester", ["requester.name", "requester.phone", "requester.email"]],
];
const WEIGHT = { error: 0, warning: 1, info: 2 };
const OPTIONS = ["region", "date-order", "timezone", "fiscal-year-start", "require", "select", "ignore"];

// ---------------------------------------------------------------------------------------------------------------------
// Words

const CATEGORIES = {
  "go-live": ["go-live", "稼働開始"], cutover: ["cutover", "切替"], upgrade: ["upgrade", "アップグレード"],
  migration: ["migration", "移行"], patching: ["patching", "パッチ適用"], testing: ["testing", "テスト"],
  deployment: ["deployment", "リリース"], environment: ["environment", "環境準備"],
  "project-phase": ["project phase", "プロジェクト工程"], training: ["training", "研修"],
  "period-close": ["period close", "締め"], payroll: ["payroll", "給与"], billing: ["billing", "請求"],
  audit: ["audit", "監査"], regulatory: ["regulatory", "法令対応"], "sales-event": ["sales event", "販売イベント"],
  launch: ["launch", "発売・開店"], contract: ["contract", "契約"], meeting: ["meeting", "会議"],
  other: ["other", "その他"],
};

const WORDS = {
  en: {
    panel: "Check of the request",
    empty: ["Nothing to check yet", "Paste your update into the text area, or insert the template."],
    checking: ["Checking…", ""],
    absent: ["No request found", "This text holds no request for management attention. Insert the template and fill it in."],
    failed: ["Not checked", "The checking service cannot be reached. Your text is untouched."],
    again: "Try again",
    complete: ["Complete", "All nine items are there."],
    unfilled: ["Not filled in yet", "Write an answer under each of the three prompts."],
    faults: (n) => (n === 1 ? "1 thing to put right" : `${n} things to put right`),
    warnings: (n) => (n === 1 ? "1 warning is worth a look." : `${n} warnings are worth a look.`),
    held: "Not sent yet. ",
    missingItems: (items) => `Missing: ${items}.`,
    invalidItems: (items) => `Not valid: ${items}.`,
    and: ", ",
    quoted: (text) => `“${text}”`,
    findings: "Findings",
    checklist: "As it was understood",
    request: (n, of) => `Request ${n} of ${of}`,
    error: "Error", warning: "Warning", info: "Note",
    line: (n) => `line ${n}`,
    go: "Go to",
    why: "Why, and an example",
    wrong: "Not like this", right: "Like this", nothing: "(nothing)",
    there: "there", missing: "missing", invalid: "not valid",
    items: {
      reason: "Reason", "reason.impact": "Business impact", milestone: "Milestone", "milestone.type": "Type",
      "milestone.dates": "Date", requester: "Requester", "requester.name": "Name", "requester.phone": "Phone",
      "requester.email": "E-mail", pager: "Pager", callback: "Call back", other: "Other contact",
    },
    kinds: { business: "business", implementation: "implementation" },
    roles: { milestone: "", resolve_by: "resolve by" },
    yes: "asked for", no: "not asked for",
    to: " to ", or: " or ", extension: (n) => ` ext. ${n}`, noRegion: "no country code",
    impossible: "no such day", ambiguous: "two readings", fiscal: "fiscal year not known",
    template: { en: "Insert template", ja: "Insert Japanese template" },
    mend: "Mend", copy: "Copy",
    copied: "Copied.", notCopied: "The browser did not allow copying. Press Ctrl+C.",
    nothingToMend: "Nothing to mend: banners and prompts are as published.",
    mended: (n) => (n === 1 ? "1 thing was mended." : `${n} things were mended.`),
    left: (n) => (n === 1 ? "1 was left for you." : `${n} were left for you.`),
    inserted: "The template was inserted.",
  },
  ja: {
    panel: "要請の確認",
    empty: ["まだ確認する内容がありません", "更新内容を入力欄に貼り付けるか、テンプレートを挿入してください。"],
    checking: ["確認しています…", ""],
    absent: ["要請が見つかりません", "管理者による対応の要請が含まれていません。テンプレートを挿入して記入してください。"],
    failed: ["確認できませんでした", "確認サービスに接続できません。入力内容はそのまま残っています。"],
    again: "再試行",
    complete: ["記入漏れはありません", "9項目すべてそろっています。"],
    unfilled: ["まだ記入されていません", "3つの設問の下に、それぞれ回答を記入してください。"],
    faults: (n) => `修正が必要な点が${n}件あります`,
    warnings: (n) => `注意が${n}件あります。ご確認ください。`,
    held: "まだ送信していません。",
    missingItems: (items) => `未記入: ${items}。`,
    invalidItems: (items) => `要修正: ${items}。`,
    and: "、",
    quoted: (text) => `「${text}」`,
    findings: "指摘",
    checklist: "読み取った内容",
    request: (n, of) => `要請 ${n}／${of}`,
    error: "エラー", warning: "注意", info: "参考",
    line: (n) => `${n}行目`,
    go: "移動",
    why: "理由と記入例",
    wrong: "悪い例", right: "良い例", nothing: "（記入なし）",
    there: "記入済み", missing: "未記入", invalid: "要修正",
    items: {
      reason: "理由", "reason.impact": "事業への影響", milestone: "マイルストーン", "milestone.type": "種類",
      "milestone.dates": "期日", requester: "要請者", "requester.name": "氏名", "requester.phone": "電話番号",
      "requester.email": "メールアドレス", pager: "ポケットベル", callback: "折り返し", other: "ほかの連絡先",
    },
    kinds: { business: "事業", implementation: "実装" },
    roles: { milestone: "", resolve_by: "解決期限" },
    yes: "希望あり", no: "希望なし",
    to: "～", or: "または", extension: (n) => ` 内線${n}`, noRegion: "国番号なし",
    impossible: "存在しない日付", ambiguous: "読み方が2通り", fiscal: "会計年度が不明",
    template: { en: "英語のテンプレートを挿入", ja: "テンプレートを挿入" },
    mend: "書式を直す", copy: "コピー",
    copied: "コピーしました。", notCopied: "コピーできませんでした。Ctrl+Cを押してください。",
    nothingToMend: "直すところはありません。見出しと設問は公開された書式のとおりです。",
    mended: (n) => `${n}件を直しました。`,
    left: (n) => `${n}件は手で直してください。`,
    inserted: "テンプレートを挿入しました。",
  },
};

// ---------------------------------------------------------------------------------------------------------------------
// Small helpers

function h(name, properties = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== ""));
  return node;
}

const ICONS = {
  error: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM5.6 5.6l4.8 4.8m0-4.8-4.8 4.8",
  warning: "M8 2 14.6 13.6H1.4ZM8 6.4v3.2m0 2v.2",
  info: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM8 7.2v4m0-6.4V5",
  ok: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13ZM5 8.2l2.1 2.1L11 6.2",
  phone: "M3.2 2.2h2.4l1.2 3-1.6 1.2a8 8 0 0 0 4.4 4.4l1.2-1.6 3 1.2v2.4a1 1 0 0 1-1 1A10.6 10.6 0 0 1 2.2 3.2a1 1 0 0 1 1-1Z",
  idle: "M8 1.5a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13Z",
};

function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 16 16");
  svg.setAttribute("aria-hidden", "true");
  svg.classList.add("icon");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}

const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** Half an emoji, as a paste may leave it, would not be JSON; U+FFFD takes as much place. */
const wellFormed = (text) =>
  text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");

/** A day or moment as it is written, in words; a moment's zone is told, never converted. */
function spelled(moment, lang) {
  const [, day, time, zone] = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}))?(.*)$/.exec(moment);
  const words = new Intl.DateTimeFormat(lang === "ja" ? "ja-JP" : "en-GB", { dateStyle: "full", timeZone: "UTC" });
  const date = words.format(new Date(`${day}T00:00:00Z`));
  return time ? `${date} ${time}${zone ? ` (${zone === "+00:00" ? "UTC" : zone})` : ""}` : date;
}

/** Where two texts differ: the same before `start`, and the same behind the two ends. */
function difference(before, after) {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  let same = 0;
  while (same < most - start && before[before.length - 1 - same] === after[after.length - 1 - same]) same += 1;
  return { start, oldEnd: before.length - same, newEnd: after.length - same };
}

/** A form with a line for every answer, and a blank one on each side of it. */
function roomy(form) {
  const [opening, ...prompts] = form.trim().split("\n\n");
  const closing = prompts.pop();
  return `${[opening, prompts.join("\n\n\n\n")].join("\n\n")}\n\n\n\n${closing}\n`;
}

/** Replace a text area's text so that undo works, touching only what differs. */
function replaceText(area, text) {
  const { start, oldEnd, newEnd } = difference(area.value, text);
  if (start === oldEnd && start === newEnd) return;
  const piece = text.slice(start, newEnd);
  area.focus();
  area.setSelectionRange(start, oldEnd);
  const done = piece
    ? document.execCommand("insertText", false, piece)
    : document.execCommand("delete", false);
  if (!done || area.value !== text) {
    area.value = text;
    area.dispatchEvent(new InputEvent("input", { bubbles: true }));
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Marks in the text

const COPIED = [
  "fontFamily", "fontSize", "fontWeight", "fontStyle", "fontStretch", "fontVariant", "fontFeatureSettings",
  "letterSpacing", "lineHeight", "wordSpacing", "textIndent", "textTransform", "textAlign", "direction", "tabSize",
  "paddingTop", "paddingRight", "paddingBottom", "paddingLeft", "wordBreak", "lineBreak", "hyphens",
];

/** Underlines stretches of a text area: an invisible copy of its text lies over it and lets every click through. */
class Marks {
  constructor(host) {
    this.host = host;
    this.text = h("div", { class: "copy" });
    this.node = h("div", { class: "marks", "aria-hidden": "true", hidden: true }, this.text);
    this.spans = [];
    this.shown = "";
  }

  /** Show these findings on a text. The worst one counts where they overlap. */
  show(area, findings) {
    this.shown = area.value;
    this.spans = findings
      .map((found) => ({ ...this.#narrowed(found), severity: found.severity }))
      .filter((span) => span.start < span.end);
    this.#draw(area);
  }

  /** Keep the marks where they belong while somebody types, until the next report. */
  follow(area) {
    const { start, oldEnd, newEnd } = difference(this.shown, area.value);
    const by = newEnd - oldEnd;
    this.spans = this.spans
      .filter((span) => span.end <= start || span.start >= oldEnd)
      .map((span) => (span.start >= oldEnd ? { ...span, start: span.start + by, end: span.end + by } : span));
    this.shown = area.value;
    this.#draw(area);
  }

  /** Scroll the text area until a place is seen. */
  reveal(area, offset) {
    const probe = h("span");
    const [first] = this.text.childNodes;
    if (!first) return;
    const walker = document.createTreeWalker(this.text, NodeFilter.SHOW_TEXT);
    let left = offset;
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (left <= node.data.length) {
        node.splitText(left).before(probe);
        break;
      }
      left -= node.data.length;
    }
    const top = probe.offsetTop;
    probe.remove();
    this.text.normalize();
    if (top < area.scrollTop || top > area.scrollTop + area.clientHeight - 48) {
      area.scrollTop = Math.max(0, top - area.clientHeight / 3);
    }
  }

  /** Lay the copy exactly over the text area. */
  place(area) {
    const style = getComputedStyle(area);
    const over = area.getBoundingClientRect();
    const origin = this.host.getBoundingClientRect();
    const hidden = !this.host.marked || over.width === 0;
    this.node.hidden = hidden && !this.host.marked;
    this.node.style.visibility = hidden ? "hidden" : "";
    this.node.style.left = `${over.left - origin.left + area.clientLeft}px`;
    this.node.style.top = `${over.top - origin.top + area.clientTop}px`;
    this.node.style.width = `${area.clientWidth}px`;
    this.node.style.height = `${area.clientHeight}px`;
    for (const name of COPIED) this.text.style[name] = style[name];
    this.scroll(area);
  }

  /** Follow the text area's own scrolling. */
  scroll(area) {
    this.text.style.transform = `translate(${-area.scrollLeft}px, ${-area.scrollTop}px)`;
  }

  /** A stretch of many lines is marked on its first: a whole block underlined would help nobody. */
  #narrowed({ span }) {
    if (span.end_line - span.line < 4) return { start: span.start, end: span.end };
    const end = this.shown.indexOf("\n", span.start);
    return { start: span.start, end: end < 0 || end > span.end ? span.end : end };
  }

  #draw(area) {
    const edges = new Set([0, this.shown.length]);
    for (const span of this.spans) edges.add(span.start).add(span.end);
    const cuts = [...edges].sort((a, b) => a - b);
    const pieces = cuts.slice(1).map((end, number) => {
      const start = cuts[number];
      const over = this.spans.filter((span) => span.start <= start && span.end >= end);
      const worst = over.sort((a, b) => WEIGHT[a.severity] - WEIGHT[b.severity])[0];
      const text = this.shown.slice(start, end);
      return worst ? h("mark", { class: worst.severity }, text) : text;
    });
    this.text.replaceChildren(...pieces, "\n");
    this.place(area);
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// The element

class MaTemplateCheck extends HTMLElement {
  static observedAttributes = ["for", "lang", "endpoint", "tools", "marks", ...OPTIONS];

  #area = null;
  #report = null;
  #checked = null; // the text that the report is about
  #state = "empty";
  #problem = "";
  #sequence = 0;
  #timer = 0;
  #announcing = 0;
  #abort = null;
  #passing = false;
  #held = false;
  #rules = new Map();
  #cleanup = null;
  #marks = new Marks(this);
  #summary = h("div", { class: "summary", part: "summary", tabindex: "-1" });
  #tools = h("div", { class: "tools", part: "tools" });
  #note = h("p", { class: "note", part: "note", hidden: true });
  #findings = h("div", { part: "findings" });
  #checklist = h("div", { part: "checklist" });
  #live = h("p", { class: "unseen", role: "status" });
  #panel = h("section", { class: "panel", part: "panel" });

  constructor() {
    super();
    this.#panel.append(this.#summary, this.#tools, this.#note, this.#findings, this.#checklist);
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [STYLE];
    root.append(this.#marks.node, this.#live, this.#panel);
  }

  // -- what others may use

  /** The last report (contract, section 2; offsets in UTF-16 units), null where there is none. */
  get report() {
    return this.#report;
  }

  /** The text area, null where it is not there (yet). */
  get area() {
    return this.#area;
  }

  /** The language shown. */
  get language() {
    const lang = this.getAttribute("lang") || this.closest("[lang]")?.lang || navigator.language || "en";
    return lang.toLowerCase().startsWith("ja") ? "ja" : "en";
  }

  /** Are findings marked in the text? */
  get marked() {
    return this.getAttribute("marks") !== "off";
  }

  /** Check the text now. Resolves to the report, or to null where the service gave none. */
  async check() {
    clearTimeout(this.#timer);
    this.#abort?.abort();
    const area = this.#area;
    if (!area) return null;
    const text = area.value;
    const turn = ++this.#sequence;
    if (!text.trim()) {
      this.#settle("empty", null, text);
      return null;
    }
    if (this.#state === "empty" || this.#state === "failed") this.#settle("checking", null, null);
    this.#abort = new AbortController();
    try {
      const report = await this.#ask("v1/check", this.#options(text), this.#abort.signal);
      if (report.diagnostics.length) await this.#explanations();
      if (turn !== this.#sequence) return null; // a later check will tell
      this.#settle(report.status === "absent" && !report.diagnostics.length ? "absent" : "checked", report, text);
      return report;
    } catch (error) {
      if (turn === this.#sequence && error.name !== "AbortError") {
        this.#problem = error.told ?? "";
        this.#settle("failed", null, text);
      }
      return null;
    }
  }

  /** Put banners and prompts right. Answers are never touched; Ctrl+Z takes it back. */
  async mend() {
    const area = this.#area;
    if (!area) return;
    const words = WORDS[this.language];
    try {
      const text = area.value;
      const mended = await this.#ask("v1/fix", { text: wellFormed(text), lang: this.language });
      if (area.value !== text) return; // somebody typed meanwhile
      if (mended.changed) replaceText(area, mended.text);
      const stays = mended.left.filter((one) => one.why !== "only-modernise");
      const left = stays.length ? words.left(stays.length) : "";
      const what = [...new Set([...mended.applied, ...stays].map((one) => one.message))].map(capital);
      const done = mended.changed ? words.mended(mended.applied.length) : left ? "" : words.nothingToMend;
      this.#tell([done, left].filter(Boolean).join(" "), what);
      await this.check();
    } catch (error) {
      this.#tell(error.told || words.failed[1]);
    }
  }

  /** Insert the published template ("en" or "ja") where the caret stands, and put the caret at the first answer. */
  async insertTemplate(lang = this.language) {
    const area = this.#area;
    if (!area) return;
    const words = WORDS[this.language];
    let template;
    try {
      const answer = await fetch(this.#address(`v1/template?lang=${lang}`));
      if (!answer.ok) throw new Error("no template");
      template = roomy(await answer.text());
    } catch {
      this.#tell(words.failed[1]);
      return;
    }
    const before = area.value.slice(0, area.selectionStart);
    const after = area.value.slice(area.selectionEnd);
    const gap = before && !before.endsWith("\n") ? "\n\n" : before && !before.endsWith("\n\n") ? "\n" : "";
    replaceText(area, before + gap + template + (after && !after.startsWith("\n") ? "\n" : "") + after);
    const firstPrompt = template.indexOf("\n", template.search(/\n[^\s*]/) + 1);
    const caret = before.length + gap.length + firstPrompt + 2;
    area.focus();
    area.setSelectionRange(caret, caret);
    this.#marks.reveal(area, before.length + gap.length);
    this.#tell(words.inserted);
  }

  /** Copy the whole text to the clipboard. */
  async copy() {
    const area = this.#area;
    if (!area) return;
    const words = WORDS[this.language];
    try {
      await navigator.clipboard.writeText(area.value);
      this.#tell(words.copied);
    } catch {
      // Without HTTPS there is no clipboard to write to, but what is selected can be copied.
      area.focus();
      area.select();
      this.#tell(document.execCommand("copy") ? words.copied : words.notCopied);
    }
  }

  // -- life

  connectedCallback() {
    this.#render();
    this.#seek();
  }

  disconnectedCallback() {
    this.#cleanup?.();
    this.#cleanup = null;
    this.#area = null;
    clearTimeout(this.#timer);
    clearTimeout(this.#announcing);
    this.#abort?.abort();
  }

  attributeChangedCallback(name, before, after) {
    if (before === after || !this.isConnected) return;
    if (name === "for") {
      this.disconnectedCallback();
      this.#seek();
    } else if (name === "tools") {
      this.#render();
    } else if (name === "marks") {
      if (this.#area) this.#marks.place(this.#area);
    } else {
      if (!this.#report) this.#render();
      this.check(); // what is found is told in the new language, or by the new options, all at once
    }
  }

  #seek() {
    const root = this.getRootNode();
    const find = () => root.getElementById?.(this.getAttribute("for") ?? "");
    const area = find();
    if (area instanceof HTMLTextAreaElement) {
      this.#attach(area);
      return;
    }
    const watcher = new MutationObserver(() => {
      const found = find();
      if (found instanceof HTMLTextAreaElement) {
        watcher.disconnect();
        this.#attach(found);
      }
    });
    watcher.observe(root, { childList: true, subtree: true });
    this.#cleanup = () => watcher.disconnect();
  }

  #attach(area) {
    this.#area = area;
    const stop = new AbortController();
    const { signal } = stop;
    let frame = 0;
    const place = () => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => this.#marks.place(area));
    };
    area.addEventListener("input", (event) => this.#typed(event), { signal });
    area.addEventListener("compositionend", () => this.#typed(), { signal });
    area.addEventListener("scroll", () => this.#marks.scroll(area), { signal, passive: true });
    area.form?.addEventListener("submit", (event) => this.#submitting(event), { signal, capture: true });
    area.form?.addEventListener("reset", () => setTimeout(() => this.#typed()), { signal });
    document.addEventListener("selectionchange", () => this.#point(), { signal });
    document.addEventListener("scroll", place, { signal, passive: true, capture: true });
    window.addEventListener("resize", place, { signal });
    const sizes = new ResizeObserver(place);
    sizes.observe(area);
    sizes.observe(this);
    sizes.observe(document.documentElement);
    this.#cleanup = () => {
      stop.abort();
      sizes.disconnect();
      cancelAnimationFrame(frame);
    };
    this.#marks.place(area);
    this.check();
  }

  #typed(event) {
    this.#marks.follow(this.#area);
    this.#held = false;
    this.#note.hidden = true;
    if (event?.isComposing) return; // kana that are still being turned into kanji
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.check(), Number(this.getAttribute("delay") ?? 300));
  }

  // -- the service

  #address(path) {
    const base = this.getAttribute("endpoint");
    return new URL(path, base ? new URL(base.endsWith("/") ? base : `${base}/`, document.baseURI) : SERVICE);
  }

  #options(text) {
    const today = new Date();
    const two = (n) => String(n).padStart(2, "0");
    const asked = {
      text: wellFormed(text),
      lang: this.language,
      offsets: "utf-16",
      as_of: `${today.getFullYear()}-${two(today.getMonth() + 1)}-${two(today.getDate())}`,
    };
    for (const name of OPTIONS) {
      if (!this.hasAttribute(name)) continue;
      const value = this.getAttribute(name);
      const field = name.replaceAll("-", "_");
      asked[field] = name === "require" ? value !== "false" : name === "fiscal-year-start" ? Number(value) : value;
      if (name === "select" || name === "ignore") asked[field] = value.split(",").map((code) => code.trim());
    }
    return asked;
  }

  async #ask(path, body, signal) {
    const answer = await fetch(this.#address(path), {
      method: "POST",
      headers: { "Content-Type": "application/json", "Accept-Language": this.language },
      body: JSON.stringify(body),
      signal,
    });
    if (answer.ok) return answer.json();
    const problem = await answer.json().catch(() => ({}));
    const said = [problem.title, problem.detail, ...(problem.errors ?? []).map((one) => one.detail)];
    throw Object.assign(new Error("refused"), { told: said.filter(Boolean).join(" ") });
  }

  /** What the rules say of themselves, in both languages: fetched once, when there is something to explain. */
  async #explanations() {
    if (this.#rules.size) return;
    try {
      const rules = await (await fetch(this.#address("v1/rules"))).json();
      this.#rules = new Map(rules.map((rule) => [rule.code, rule]));
    } catch {
      // Findings say what is wrong without it; the next check tries again.
    }
  }

  // -- holding back a form

  get #faulty() {
    return this.#report?.diagnostics.some((found) => found.severity === "error") ?? false;
  }

  #submitting(event) {
    if (!this.hasAttribute("block-submit") || this.#passing) {
      this.#passing = false;
      return;
    }
    const current = this.#checked === this.#area.value;
    if (current && !this.#faulty) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (current) {
      this.#hold();
      return;
    }
    const { submitter } = event;
    const text = this.#area.value;
    this.check().then(() => {
      if (this.#area?.value !== text) return; // somebody went on typing
      // A service that does not answer must not stand between somebody and the support they need.
      if (this.#faulty) this.#hold();
      else {
        this.#passing = true;
        this.#area.form.requestSubmit(submitter);
        this.#passing = false;
      }
    });
  }

  #hold() {
    this.#held = true;
    this.#render();
    this.#summary.focus();
    this.#summary.scrollIntoView({ block: "nearest" });
  }

  // -- what is shown

  #settle(state, report, text) {
    this.#state = state;
    this.#report = report;
    this.#checked = text;
    if (!report) this.#held = false;
    if (text !== null && this.#area.value === text) this.#marks.show(this.#area, this.#listed());
    this.#render();
    if (state === "checking") return;
    this.dispatchEvent(new CustomEvent("ma-report", { bubbles: true, composed: true, detail: { report, text } }));
    clearTimeout(this.#announcing);
    this.#announcing = setTimeout(() => this.#announce(), 400);
  }

  #listed() {
    return [...(this.#report?.diagnostics ?? [])].sort(
      (a, b) => WEIGHT[a.severity] - WEIGHT[b.severity] || a.span.start - b.span.start,
    );
  }

  #headline(words) {
    if (this.#state === "failed") return [words.failed[0], this.#problem || words.failed[1]];
    if (this.#state !== "checked") return words[this.#state];
    const count = (severity) => this.#report.diagnostics.filter((found) => found.severity === severity).length;
    const [errors, warnings] = [count("error"), count("warning")];
    if (this.#report.diagnostics.some((found) => found.code === "MA106")) return words.unfilled;
    if (!errors) return [words.complete[0], warnings ? words.warnings(warnings) : words.complete[1]];
    const named = (paths) => [...new Set(paths)].map((path) => words.items[path]).join(words.and);
    const live = this.#report.blocks.filter((block) => !block.quoted);
    const [missing, invalid] = [live.flatMap((one) => one.missing), live.flatMap((one) => one.invalid)];
    const parts = [missing.length && words.missingItems(named(missing)), invalid.length && words.invalidItems(named(invalid))];
    return [words.faults(errors), parts.filter(Boolean).join(this.language === "ja" ? "" : " ")];
  }

  #announce() {
    const said = this.#headline(WORDS[this.language]).join(this.language === "ja" ? "。" : ". ");
    if (this.#live.textContent !== said) this.#live.textContent = said;
  }

  /** Say once what a button did, to everybody. */
  #tell(message, details = []) {
    this.#note.replaceChildren(
      h("strong", {}, message),
      details.length ? h("ul", {}, details.map((one) => h("li", {}, one))) : "",
    );
    this.#note.hidden = false;
    this.#live.textContent = message;
  }

  /** Light up the findings of the place where the caret stands. */
  #point() {
    const area = this.#area;
    if (area.getRootNode().activeElement !== area) return;
    for (const item of this.#findings.querySelectorAll("li")) {
      const here = area.selectionStart >= Number(item.dataset.start) && area.selectionEnd <= Number(item.dataset.end);
      item.classList.toggle("here", here && Number(item.dataset.end) > Number(item.dataset.start));
    }
  }

  #jump(span) {
    const area = this.#area;
    area.focus({ preventScroll: true });
    area.setSelectionRange(span.start, span.end);
    this.#marks.reveal(area, span.start);
    const { top, bottom } = area.getBoundingClientRect();
    if (top < 0 || bottom > innerHeight) area.scrollIntoView({ block: "nearest" });
  }

  #render() {
    const words = WORDS[this.language];
    const [headline, more] = this.#headline(words);
    const errors = this.#faulty;
    const warned = this.#report?.diagnostics.some((found) => found.severity === "warning");
    const mood = this.#state === "failed" ? "warning" : this.#state !== "checked" ? "idle" : errors ? "error" : "ok";
    this.#panel.lang = this.language;
    this.#panel.setAttribute("aria-label", words.panel);
    this.#summary.className = `summary ${mood}${mood === "ok" && warned ? " warned" : ""}`;
    this.#summary.replaceChildren(
      icon(mood),
      h("div", {}, h("p", { class: "headline" }, this.#held ? words.held : "", headline), h("p", { class: "more" }, more)),
      this.#state === "failed" ? h("button", { type: "button", onclick: () => this.check() }, words.again) : "",
    );
    this.#renderTools(words);
    this.#renderFindings(words);
    this.#checklist.replaceChildren(...this.#renderChecklists(words));
  }

  #renderTools(words) {
    const asked = (this.getAttribute("tools") ?? "template mend copy").split(/\s+/);
    const other = this.language === "ja" ? "en" : "ja";
    const button = (label, work, shown = true) =>
      shown ? h("button", { type: "button", onclick: work }, label) : "";
    const buttons = [
      button(words.template[this.language], () => this.insertTemplate(this.language), asked.includes("template")),
      button(words.template[other], () => this.insertTemplate(other), asked.includes("template")),
      button(words.mend, () => this.mend(), asked.includes("mend")),
      button(words.copy, () => this.copy(), asked.includes("copy")),
    ].filter(Boolean);
    const labels = buttons.map((one) => one.textContent).join();
    if (this.#tools.dataset.labels === labels) return; // whoever stands on a button stays there
    this.#tools.dataset.labels = labels;
    this.#tools.replaceChildren(...buttons);
    this.#tools.hidden = !buttons.length;
  }

  #renderFindings(words) {
    const found = this.#listed();
    const open = new Set([...this.#findings.querySelectorAll("details[open]")].map((one) => one.dataset.key));
    const key = ({ code, block, span }) => `${code} ${block} ${span.line}`;
    const items = found.map((one) => this.#renderFinding(one, words, key(one), open.has(key(one))));
    this.#findings.replaceChildren(
      ...(items.length ? [h("h2", {}, words.findings), h("ol", { class: "findings" }, items)] : []),
    );
  }

  #renderFinding(found, words, key, open) {
    const rule = this.#rules.get(found.code);
    const lang = this.language;
    const example = (which, kind) => [
      h("dt", {}, words[which]),
      h("dd", { class: kind }, h("pre", {}, rule.examples[which][lang] || words.nothing)),
    ];
    const telephone = found.code === "MA501";
    return h(
      "li",
      { class: `${found.severity}${telephone ? " telephone" : ""}`, "data-start": found.span.start, "data-end": found.span.end },
      icon(telephone ? "phone" : found.severity),
      h(
        "div",
        {},
        h(
          "button",
          { type: "button", class: "jump", onclick: () => this.#jump(found.span) },
          h("span", { class: "unseen" }, `${words[found.severity]}: `),
          h("span", { class: "message" }, capital(found.message)),
          " ",
          h("span", { class: "where" }, words.line(found.span.line)),
        ),
        rule ? h("p", { class: "how" }, capital(rule.expected[lang])) : "",
        rule
          ? h(
              "details",
              { open, "data-key": key },
              h("summary", {}, words.why, " ", h("span", { class: "code" }, found.code)),
              h("p", {}, rule.explanation[lang]),
              h("dl", { class: "examples" }, example("wrong", "error"), example("right", "ok")),
            )
          : "",
      ),
    );
  }

  #renderChecklists(words) {
    const live = (this.#report?.blocks ?? []).filter((block) => !block.quoted);
    const shown = live.some((block) => !block.unfilled) ? live.filter((block) => !block.unfilled) : live.slice(0, 1);
    return shown.flatMap((block, number) => [
      h("h2", {}, shown.length > 1 ? `${words.checklist}: ${words.request(number + 1, shown.length)}` : words.checklist),
      h("div", { class: "checklist" }, SECTIONS.map(([section, items]) => this.#renderSection(block, section, items, words))),
    ]);
  }

  #renderSection(block, section, items, words) {
    const extra = section === "requester" && block.requester ? this.#extras(block.requester, words) : [];
    return h(
      "dl",
      {},
      this.#renderItem(block, section, words, "section"),
      items.map((path) => this.#renderItem(block, path, words, "item")),
      extra.map(([label, value]) => h("div", { class: "item extra" }, h("dt", {}, label), h("dd", {}, value))),
    );
  }

  #renderItem(block, path, words, kind) {
    const section = path.split(".")[0];
    const below = kind === "item" && (block.unfilled || block.missing.includes(section)); // the section says it already
    const absent = below || block.unfilled || block.missing.includes(path);
    const state = absent ? "missing" : block.invalid.includes(path) ? "invalid" : "there";
    const sort = state === "there" ? "ok" : below ? "idle" : path === "reason.impact" ? "warning" : "error";
    const values = kind === "section" ? [] : this.#understood(block, path, words);
    const lacking = [...block.missing, ...block.invalid].some((other) => other.startsWith(`${path}.`));
    return h(
      "div",
      { class: `${kind} ${sort}${lacking ? " lacking" : ""}` },
      h("dt", {}, icon(sort), words.items[path]),
      h(
        "dd",
        {},
        state === "there" && !values.length ? h("span", { class: "unseen" }, words.there) : "",
        state !== "there" ? h("span", { class: below ? "unseen" : "lack" }, words[state]) : "",
        values,
      ),
    );
  }

  /** What the service read for an item, in words. */
  #understood(block, path, words) {
    const { reason, milestone, requester } = block;
    const lang = this.language;
    const value = (text, note) => h("span", { class: "value" }, text, note ? h("small", {}, note) : "");
    if (path === "reason.impact") return reason?.impact ? [value(words.quoted(reason.impact))] : [];
    if (path === "milestone.type" && milestone?.type) {
      const { category, kind, raw } = milestone.type;
      const named = (CATEGORIES[category] ?? [category, category])[lang === "ja" ? 1 : 0];
      return [value(kind ? `${capital(named)} (${words.kinds[kind]})` : capital(named), raw)];
    }
    if (path === "milestone.dates") {
      return (milestone?.dates ?? []).map((date) => {
        const role = words.roles[date.role];
        return value((role ? `${capital(role)}: ` : "") + this.#day(date, words), date.raw);
      });
    }
    if (path === "requester.name" && requester?.name) return [value(requester.name)];
    const items = { "requester.phone": requester?.phones, "requester.email": requester?.emails }[path] ?? [];
    return items.map((one) => {
      const note = one.valid === false && items.length > 1 ? words.invalid : "";
      if (path === "requester.phone") return this.#phone(one, value, words, note);
      return value(one.address ?? one.raw, note);
    });
  }

  #day(date, words) {
    const say = (moment) => spelled(moment, this.language);
    if (date.problem === "impossible") return words.impossible;
    if (date.problem === "fiscal-unknown") return words.fiscal;
    if (date.problem === "ambiguous") return `${date.candidates.map(say).join(words.or)} (${words.ambiguous})`;
    return date.end ? say(date.start) + words.to + say(date.end) : say(date.start);
  }

  #phone(phone, value, words, note = "") {
    const extension = phone.extension ? words.extension(phone.extension) : "";
    const noted = note || (phone.valid === null ? words.noRegion : phone.e164 ? phone.raw : "");
    return value((phone.e164 ?? phone.raw) + extension, noted);
  }

  #extras(requester, words) {
    const value = (text, note) => h("span", { class: "value" }, text, note ? h("small", {}, note) : "");
    const rows = [];
    if (requester.pagers.length) rows.push([words.items.pager, requester.pagers.map((one) => this.#phone(one, value, words))]);
    rows.push([words.items.callback, [value(requester.callback ? words.yes : words.no)]]);
    for (const other of requester.other_contacts) {
      const reach = [...other.phones.map((one) => one.e164 ?? one.raw), ...other.emails.map((one) => one.address ?? one.raw)];
      rows.push([words.items.other, [value(other.name ?? "", reach.join(words.and))]]);
    }
    return rows;
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Looks. Every colour and measure can be set from outside by a custom property.

const STYLE = new CSSStyleSheet();
STYLE.replaceSync(`
  :host {
    --_text: var(--ma-text, light-dark(#1d232b, #e7eaef));
    --_muted: var(--ma-muted, light-dark(#57606c, #a3adba));
    --_surface: var(--ma-surface, light-dark(#ffffff, #1b2027));
    --_sunken: var(--ma-sunken, light-dark(#f4f6f8, #14181d));
    --_border: var(--ma-border, light-dark(#dde2e8, #333b46));
    --_accent: var(--ma-accent, light-dark(#2f5bd0, #8fb0ff));
    --_error: var(--ma-error, light-dark(#b81d2c, #ff8d93));
    --_warning: var(--ma-warning, light-dark(#935000, #f5b25c));
    --_info: var(--ma-info, light-dark(#1a6591, #7cc3f2));
    --_ok: var(--ma-ok, light-dark(#1c7040, #6bd19a));
    --_radius: var(--ma-radius, 10px);
    display: block;
    position: relative;
    color: var(--_text);
    font: var(--ma-font, 0.9375rem/1.55 system-ui, "Hiragino Sans", "Yu Gothic UI", "Noto Sans JP", "Noto Sans CJK JP", Meiryo, sans-serif);
  }
  :host([hidden]), [hidden] { display: none !important; }
  * { box-sizing: border-box; }
  p, h2, ol, ul, dl, dd, pre { margin: 0; padding: 0; }
  .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  .icon { flex: none; width: 1.15em; height: 1.15em; margin-top: 0.2em; fill: none; stroke: currentColor; stroke-width: 1.6; stroke-linecap: round; stroke-linejoin: round; }
  .error > .icon, .error > dt > .icon { color: var(--_error); }
  .warning > .icon, .warning > dt > .icon { color: var(--_warning); }
  .info > .icon { color: var(--_info); }
  .ok > .icon, .ok > dt > .icon { color: var(--_ok); }
  .idle > .icon, .idle > dt > .icon, .lacking.ok > dt > .icon { color: var(--_muted); }

  .panel { container-type: inline-size; background: var(--_surface); border: 1px solid var(--_border); border-radius: var(--_radius); overflow: clip; }
  .summary { --_tone: var(--_muted); display: flex; gap: 0.7rem; align-items: flex-start; padding: 0.85rem 1rem; border-inline-start: 4px solid var(--_tone); background: color-mix(in srgb, var(--_tone) 9%, var(--_surface)); }
  .summary > div { flex: 1; min-width: 0; }
  .summary .icon { width: 1.5em; height: 1.5em; margin-top: 0; }
  .summary.error { --_tone: var(--_error); }
  .summary.warning { --_tone: var(--_warning); }
  .summary.ok { --_tone: var(--_ok); }
  .headline { font-weight: 650; font-size: 1.08em; line-height: 1.4; }
  .summary .more { color: var(--_muted); }
  .summary .more:empty { display: none; }
  .summary:focus { outline: none; }
  .summary:focus-visible { outline: 2px solid var(--_accent); outline-offset: -3px; }
  .ok.warned .more { color: var(--_warning); }

  .tools { display: flex; flex-wrap: wrap; gap: 0.5rem; padding: 0.75rem 1rem 0; }
  button { font: inherit; color: inherit; cursor: pointer; }
  .tools button, .summary button { min-height: 2.25rem; padding: 0.25rem 0.8rem; background: var(--_surface); border: 1px solid var(--_border); border-radius: calc(var(--_radius) * 0.7); }
  .tools button:hover, .summary button:hover { border-color: var(--_accent); color: var(--_accent); }
  :is(button, summary):focus-visible { outline: 2px solid var(--_accent); outline-offset: 2px; border-radius: 4px; }
  .note { margin: 0.75rem 1rem 0; padding: 0.5rem 0.8rem; background: var(--_sunken); border-radius: calc(var(--_radius) * 0.7); }
  .note strong { font-weight: 600; }
  .note ul { padding-inline-start: 1.2rem; color: var(--_muted); }

  h2 { margin: 1.1rem 1rem 0.35rem; font-size: 0.8em; font-weight: 650; letter-spacing: 0.05em; text-transform: uppercase; color: var(--_muted); }
  :lang(ja) h2 { letter-spacing: 0.02em; }
  .findings { list-style: none; }
  .findings li { display: flex; gap: 0.6rem; padding: 0.55rem 1rem; }
  .findings li + li { border-top: 1px solid var(--_border); }
  .findings li > div { flex: 1; min-width: 0; }
  .findings li.here { background: color-mix(in srgb, var(--_accent) 9%, transparent); }
  .findings li.telephone { margin: 0.25rem 1rem; padding: 0.6rem 0.8rem; border: 1px solid var(--_warning); border-radius: calc(var(--_radius) * 0.7); background: color-mix(in srgb, var(--_warning) 9%, transparent); }
  .jump { display: block; width: 100%; padding: 0; border: 0; background: none; text-align: start; }
  .jump .message { font-weight: 550; text-decoration: underline; text-decoration-color: var(--_border); text-underline-offset: 0.25em; }
  .jump:hover .message { color: var(--_accent); text-decoration-color: currentColor; }
  .jump .where { margin-inline-start: 0.35em; color: var(--_muted); font-size: 0.87em; white-space: nowrap; }
  .how { color: var(--_muted); }
  details { font-size: 0.93em; }
  summary { width: fit-content; color: var(--_accent); cursor: pointer; }
  .code { margin-inline-start: 0.35em; color: var(--_muted); font-size: 0.9em; }
  details p { margin: 0.25rem 0 0.5rem; white-space: pre-line; }
  .examples { display: grid; grid-template-columns: auto 1fr; gap: 0.35rem 0.75rem; align-items: baseline; margin-bottom: 0.35rem; }
  .examples dt { color: var(--_muted); white-space: nowrap; }
  .examples dd { min-width: 0; padding: 0.3rem 0.6rem; border-inline-start: 3px solid var(--_border); background: var(--_sunken); }
  .examples dd.error { border-color: var(--_error); }
  .examples dd.ok { border-color: var(--_ok); }
  pre { font: 0.95em/1.5 ui-monospace, "Cascadia Mono", Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }

  .checklist { padding: 0 1rem 1rem; }
  .checklist dl { padding: 0.3rem 0; }
  .checklist dl + dl { border-top: 1px solid var(--_border); }
  .section, .item { display: grid; grid-template-columns: minmax(8.2rem, 34%) 1fr; gap: 0 0.75rem; padding: 0.18rem 0; }
  .section dt { font-weight: 650; }
  .section dt, .item dt { display: flex; gap: 0.5rem; min-width: 0; }
  .item dt { padding-inline-start: 1.65rem; color: var(--_muted); }
  .item.extra dt { padding-inline-start: calc(1.65rem + 1.15em + 0.5rem); }
  .checklist dd { min-width: 0; overflow-wrap: anywhere; }
  .lack { font-weight: 550; color: var(--_error); }
  .warning .lack { color: var(--_warning); }
  .lack:has(+ .value)::after { content: " · "; color: var(--_muted); font-weight: 400; }
  .value { display: block; }
  .lack + .value { display: inline; }
  .value small { margin-inline-start: 0.5em; font-size: 0.87em; color: var(--_muted); }
  .value small::before { content: "("; } .value small::after { content: ")"; }
  @container (max-width: 25rem) {
    .section, .item { grid-template-columns: 1fr; }
    .item dd { padding-inline-start: calc(1.65rem + 1.15em + 0.5rem); }
    .section dd { padding-inline-start: 1.65rem; }
    .examples { grid-template-columns: 1fr; }
  }

  .marks { position: absolute; z-index: 1; overflow: hidden; pointer-events: none; forced-color-adjust: none; }
  .copy { color: transparent; white-space: pre-wrap; overflow-wrap: break-word; }
  mark { color: transparent; background: color-mix(in srgb, var(--_tone) 13%, transparent); text-decoration: underline wavy var(--_tone) 1.5px; text-underline-offset: 0.22em; text-decoration-skip-ink: none; border-radius: 2px; }
  mark.error { --_tone: var(--_error); }
  mark.warning { --_tone: var(--_warning); text-decoration-style: dashed; }
  mark.info { --_tone: var(--_info); text-decoration-style: dotted; background: none; }
  @media (prefers-reduced-motion: no-preference) { .summary { transition: background-color 0.2s; } }
  @media (forced-colors: active) { .panel, .summary, .tools button { border: 1px solid CanvasText; } }
  @media print { .tools, .marks { display: none; } }
`);

if (!customElements.get("ma-template-check")) customElements.define("ma-template-check", MaTemplateCheck);

export { MaTemplateCheck };
