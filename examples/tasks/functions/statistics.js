exports = async function statistics() {
  const tasks = context.services.get("mongodb-atlas").db("tasks").collection("tasks");
  return tasks
    .aggregate([{ $group: { _id: "$status", count: { $sum: 1 } } }, { $sort: { _id: 1 } }])
    .toArray();
};
