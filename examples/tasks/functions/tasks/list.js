// GET /tasks?status=open: what the rules let the caller see.
exports = async function list({ query }) {
  const tasks = context.services.get("mongodb-atlas").db("tasks").collection("tasks");
  const filter = query.status === undefined ? {} : { status: query.status };
  return tasks.find(filter).sort({ priority: 1, dueAt: 1 }).limit(100).toArray();
};
