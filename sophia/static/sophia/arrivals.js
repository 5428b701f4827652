// The empty review page: when a draft comes in, show it.
(() => {
  "use strict";
  document.addEventListener("sophia:changed", ({ detail }) => {
    if (/^(draft\.|stream-reset)/.test(detail.kind)) location.reload();
  });
})();
