// The course of a descent, and going back along it; the inputs whose numbers may change.

// The losses of a descent, the numbers at each of its steps, and at which of them we are.
const history_ = [], along = [];
let courseAt = 0;

function goBack(step) {
  courseAt = step;
  setLeaves(along[step]);
  document.getElementById("course-step")?.focus();
}

function forgetCourse() {
  history_.length = along.length = courseAt = 0;
}
/** @type {[LessonNode, number][]} */
const inputsOf = DATA.nodes.flatMap((node, i) => (node.kind === "input" ? [[node, i]] : []));
