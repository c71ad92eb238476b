// Stands for the portal: says what would be posted. It hears of the submit only when <ma-template-check> lets it through.
const form = document.getElementById("form");
const sent = document.querySelector(".sent");
form.addEventListener("submit", (event) => {
  event.preventDefault();
  sent.textContent = sent.dataset.sent;
});
form.addEventListener("input", () => {
  sent.textContent = "";
});
