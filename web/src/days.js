// Says in words which day it is that one types in figures, as the page's language writes it.

export function days() {
  for (const read of document.querySelectorAll("output[data-months]")) {
    const field = document.getElementById(read.htmlFor.value);
    const months = read.dataset.months.split("|");
    field?.addEventListener("input", () => {
      const [, year, month, day] = field.value.trim().match(/^(\d{4})-(\d\d)-(\d\d)(?:[T ]|$)/) ?? [];
      const last = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
      const is = Number(year) > 0 && months[month - 1] !== undefined && day >= 1 && day <= last;
      const way = Number(day) === 1 ? read.dataset.first : read.dataset.other;
      read.textContent = is ? way.replace("#d", Number(day)).replace("#m", months[month - 1]).replace("#y", year) : "";
    });
  }
}
