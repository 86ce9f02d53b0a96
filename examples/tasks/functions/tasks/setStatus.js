// PATCH /tasks/status with {"_id": …, "status": "done"}
exports = async function setStatus({ body }) {
  const { _id, status } = EJSON.parse(body.text());
  const tasks = context.services.get("mongodb-atlas").db("tasks").collection("tasks");
  const change =
    status === "done"
      ? { $set: { status, doneAt: new Date() } }
      : { $set: { status }, $unset: { doneAt: "" } };
  return tasks.updateOne({ _id }, change);
};
