// What the page adds to <ma-template-check>: its own buttons, and a language that changes without losing the text.

const check = document.querySelector("ma-template-check");
const area = document.getElementById("update");
const language = document.querySelector("a.language");

const work = {
  template: () => check.insertTemplate(check.language),
  "template-other": () => check.insertTemplate(check.language === "ja" ? "en" : "ja"),
  mend: () => check.mend(),
  copy: () => check.copy(),
  clear: () => {
    area.focus();
    area.select();
    document.execCommand("delete"); // so that Ctrl+Z brings it back
  },
};
for (const button of document.querySelectorAll("[data-do]")) {
  button.addEventListener("click", () => work[button.dataset.do]());
}

// The page in the other language is fetched, and its words take the place of these: text, caret and undo stay.
language.addEventListener("click", async (event) => {
  event.preventDefault();
  const { href } = language;
  try {
    const other = new DOMParser().parseFromString(await (await fetch(href)).text(), "text/html");
    for (const node of document.querySelectorAll("[data-t]")) {
      node.textContent = other.querySelector(`[data-t="${node.dataset.t}"]`).textContent;
    }
    const link = other.querySelector("a.language");
    for (const name of ["href", "hreflang", "lang"]) language.setAttribute(name, link.getAttribute(name));
    document.title = other.title;
    document.documentElement.lang = other.documentElement.lang;
    check.setAttribute("lang", other.documentElement.lang);
    history.replaceState(null, "", href);
  } catch {
    location.href = href;
  }
});
