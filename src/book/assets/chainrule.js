// Opens folded steps before the page is printed, and folds them again afterwards.
(function () {
    "use strict";
    let opened = [];
    window.addEventListener("beforeprint", function () {
        opened = Array.from(document.querySelectorAll("main details:not([open])"));
        opened.forEach(function (details) { details.open = true; });
    });
    window.addEventListener("afterprint", function () {
        opened.forEach(function (details) { details.open = false; });
        opened = [];
    });
})();
