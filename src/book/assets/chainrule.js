// Lets the keyboard reach what scrolls: a formula, a table or a drawing that is wider than its place.
(function () {
    "use strict";
    function mark() {
        document.querySelectorAll("main :is(.scroll, .table-wrapper, figure .drawing)").forEach(function (place) {
            if (place.scrollWidth > place.clientWidth + 1) {
                place.tabIndex = 0;
                place.setAttribute("role", "group");
            } else {
                place.removeAttribute("tabindex");
                place.removeAttribute("role");
            }
        });
    }
    window.addEventListener("load", mark);
    window.addEventListener("resize", mark);
    document.addEventListener("toggle", mark, true);
})();
