exports = async function hello({ query }) {
  const name = query.name ?? "world";
  const visits = context.services.get("mongodb-atlas").db("quickstart").collection("visits");
  const { count } = await visits.findOneAndUpdate(
    { _id: name },
    { $inc: { count: 1 } },
    { upsert: true, returnNewDocument: true },
  );
  return { greeting: `Hello, ${name}!`, visits: count };
};
