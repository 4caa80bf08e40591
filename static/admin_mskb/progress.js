// Keeps the progress of an import up to date, and loads the page anew when it has ended.
(() => {
  "use strict";
  const EVERY = 1000;
  const WINDOW = 30;
  const SPOKEN_EVERY = 15000;
  const box = document.getElementById("progress");
  const find = (name) => box.querySelector(`[data-${name}]`);
  const samples = [];
  let spokenAt = 0;

  const seconds = (left) => {
    if (left < 90) return `about ${Math.max(1, Math.round(left))} seconds left`;
    if (left < 5400) return `about ${Math.round(left / 60)} minutes left`;
    return `about ${Math.round(left / 3600)} hours left`;
  };

  // Rate and time left as the last half minute was: an import may have rested before.
  const pace = (now) => {
    samples.push({ at: performance.now() / 1000, share: now.share, records: now.records });
    if (samples.length > WINDOW) samples.shift();
    const [first, last] = [samples[0], samples[samples.length - 1]];
    const passed = last.at - first.at;
    if (passed < 2) return "";
    const rate = (last.records - first.records) / passed;
    const gained = last.share - first.share;
    return [
      rate > 0 ? ` ${rate.toFixed(rate < 10 ? 1 : 0)} records a second` : "",
      gained > 0 && last.share !== null ? ` ${seconds(((1 - last.share) * passed) / gained)}` : "",
    ].filter(Boolean).join(";") + (rate > 0 || gained > 0 ? "." : "");
  };

  const show = (now) => {
    const bar = box.querySelector("progress");
    if (now.share === null) bar.removeAttribute("value");
    else bar.value = now.share;
    if (samples.length && now.records < samples[samples.length - 1].records) samples.length = 0;
    const words = now.words + pace(now);
    find("words").textContent = words;
    const trouble = find("trouble");
    if (trouble.textContent !== now.trouble) trouble.textContent = now.trouble;
    trouble.hidden = !now.trouble;
    document.querySelector(".run-state .status").textContent = now.state;
    for (const [name, count] of Object.entries(now.counts)) {
      const place = document.querySelector(`[data-count="${name}"]`);
      place.textContent = count.toLocaleString("en-GB");
      place.closest("li").classList.toggle("run-none", count === 0);
    }
    // Read out now and then only.
    if (performance.now() - spokenAt > SPOKEN_EVERY) {
      spokenAt = performance.now();
      find("spoken").textContent = words;
    }
  };

  const ask = async () => {
    try {
      const answer = await fetch(box.dataset.address, { headers: { Accept: "application/json" } });
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      const now = await answer.json();
      show(now);
      if (!now.is_open) {
        location.reload();
        return;
      }
    } catch {
      find("words").textContent = "The server does not answer; this page keeps asking.";
    }
    setTimeout(ask, EVERY);
  };

  ask();
})();
