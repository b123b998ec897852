"""What nbgrader has to know of TypeScript: what stands in a student's cell in the place of the teacher's solution."""

c = get_config()  # noqa: F821 (traitlets gives it)

c.ClearSolutions.code_stub = {
    "typescript": '// YOUR CODE HERE\nthrow new Error("This exercise is not done yet");'
}
