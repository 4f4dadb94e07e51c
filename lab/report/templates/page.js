"use strict";
// The page can be read without any of this: it remembers the colours, filters the matrix, marks the section in view.
(() => {
  const themes = [...document.querySelectorAll("input[name=theme]")];
  const remembered = (value) => {
    // A page from a file may have no storage.
    try {
      return value === undefined ? localStorage.getItem("theme") : localStorage.setItem("theme", value);
    } catch {
      return null;
    }
  };
  for (const input of themes) {
    input.checked = input.value === (remembered() ?? "auto");
    input.addEventListener("change", () => remembered(input.value));
  }

  const form = document.querySelector(".filters");
  if (form) {
    const [search, capability, visible, count] = ["search", "capability", "visible", "count"].map((name) =>
      document.getElementById(`matrix-${name}`),
    );
    const rows = [...document.querySelectorAll(".matrix tbody tr")];
    const filter = () => {
      const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      let shown = 0;
      for (const row of rows) {
        const text = row.textContent.toLowerCase();
        row.hidden =
          !words.every((word) => text.includes(word)) ||
          (capability.value !== "" && row.dataset.capability !== capability.value) ||
          (visible.checked && row.dataset.visible !== "true");
        shown += row.hidden ? 0 : 1;
      }
      count.textContent = `${shown} of ${rows.length} rows`;
    };
    form.addEventListener("input", filter);
    form.addEventListener("submit", (event) => event.preventDefault());
    form.hidden = false;
    filter();
  }

  const links = new Map([...document.querySelectorAll("nav a")].map((link) => [link.hash.slice(1), link]));
  const mark = (entries) => {
    for (const entry of entries.filter((each) => each.isIntersecting)) {
      for (const link of links.values()) link.removeAttribute("aria-current");
      links.get(entry.target.id).setAttribute("aria-current", "true");
    }
  };
  links.get("summary").setAttribute("aria-current", "true");
  const observer = new IntersectionObserver(mark, { rootMargin: "-20% 0px -75% 0px" });
  for (const id of links.keys()) observer.observe(document.getElementById(id));

  // What is folded on the screen is not on paper.
  addEventListener("beforeprint", () => {
    for (const details of document.querySelectorAll(".endpoint, .more")) details.open = true;
  });
})();
