// A long import goes on by itself, a few seconds at a time; without this, by pressing the button.
document.querySelector("form[data-go-on]")?.requestSubmit();
