// Keeps <time class="elapsed" datetime="…"> running: the time since then, as the server wrote it when it sent the page.
(() => {
  "use strict";

  const two = (number) => String(number).padStart(2, "0");

  const running = (milliseconds) => {
    const seconds = Math.max(0, Math.floor(milliseconds / 1000));
    const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
    return hours ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
  };

  const tick = () => {
    for (const clock of document.querySelectorAll("time.elapsed")) {
      clock.textContent = running(Date.now() - new Date(clock.dateTime));
    }
  };

  setInterval(tick, 1000);
})();
