const practice = make("div", {});
function startPractice() {}
