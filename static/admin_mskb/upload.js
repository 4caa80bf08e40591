// Says before the upload that files are too large; the server refuses them all the same.
(() => {
  "use strict";
  const form = document.getElementById("upload");
  const problem = document.getElementById("upload-problem");
  const most = Number(form.dataset.mostBytes);
  const megabytes = (number) => number / 1024 ** 2;

  form.addEventListener("change", () => {
    const files = [...form.querySelector("input[type=file]").files];
    const bytes = files.reduce((sum, file) => sum + file.size, 0);
    problem.hidden = bytes <= most;
    problem.textContent = problem.hidden ? "" : `These files have ${megabytes(bytes).toFixed(1)} MB; at most ${megabytes(most)} MB are taken at once.`;
    form.querySelector("input[type=submit]").disabled = !problem.hidden;
  });
})();
