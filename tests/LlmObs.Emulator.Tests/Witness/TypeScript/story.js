// The whole workflow, told by a client that no one here wrote. It prints what it was answered.
import { connect, pages } from "./api.js";
import { makeDataset, removeDataset } from "./datasets.js";

const [baseUri, accessToken] = process.argv.slice(2);
const api = connect(baseUri, accessToken);
const told = {};
const { projectId, datasetId } = await makeDataset(api, told);

// Two experiments, the second against the first; events; a state. Both are given a description and a config: the service leaves
// out what it was not given, and this client does not take an experiment without them.
async function experimentOf(name, parentExperimentId) {
  const own = parentExperimentId ? { parentExperimentId } : {};
  const attributes = { name, projectId, datasetId, description: "d", metadata: { commit: "abc" }, config: { model: "small-1" }, ...own };
  return (await api.createLLMObsExperiment({ body: { data: { type: "experiments", attributes } } })).data;
}

const first = await experimentOf("witness-run");
const second = await experimentOf("witness-run", first.id);
told.name = first.attributes.name;
const now = Date.now();
const spans = [1, 2, 3].map((n) => ({
  traceId: `t${n}`, spanId: `s${n}`, projectId, datasetId, name: `q${n}`, startNs: now * 1_000_000, duration: 1_000_000 * n, status: "ok",
  tags: ["env:ci"], meta: { input: { question: `q${n}` }, output: { answer: `o${n}` }, expectedOutput: { answer: `a${n}` } },
}));
const metrics = [1, 2, 3].flatMap((n) => [
  { spanId: `s${n}`, label: "faithfulness", metricType: "score", timestampMs: now, scoreValue: n / 4, assessment: "pass", reasoning: "because" },
  { spanId: `s${n}`, label: "polite", metricType: "boolean", timestampMs: now, booleanValue: n > 1 },
]);
await api.createLLMObsExperimentEvents({ experimentId: first.id, body: { data: { type: "events", attributes: { spans, metrics } } } });

// An aggregate.
const aggregate = {
  compute: [{ metric: "score_value", name: "avg" }], groupBy: [{ field: "label" }], indexes: ["experiment-evals"],
  search: { query: `@experiment_id:${first.id} @label:faithfulness` },
};
const buckets = (await api.aggregateLLMObsExperimentation({ body: { data: { type: "experimentation", attributes: { aggregate } } } })).data.attributes;
told.hitCount = buckets.hitCount;
told.average = buckets.result.values[0].metrics.avg;

// Lists and searches.
const list = (parameters) => pages((pageCursor) => api.listLLMObsExperiments({ ...parameters, pageCursor, pageLimit: 1 }));
told.listed = (await list({ filterProjectId: projectId })).map((item) => item.id === second.id ? "second" : "first");
told.byId = (await list({ filterId: first.id })).length;
told.byParent = (await list({ filterParentExperimentId: first.id })).map((item) => item.id === second.id);
told.byMetadata = (await list({ filterMetadata: JSON.stringify({ commit: "abc" }), includeUserData: true, includeDatasetNames: true }))
  .map((item) => `${item.attributes.datasetName} by ${item.attributes.author.name}`);
const filter = { scope: ["experiments"], query: `@project_id:${projectId}` };
const search = (page) => ({ data: { type: "experimentation", attributes: { filter, page } } });
told.searched = (
  await pages((cursor) => api.searchLLMObsExperimentation({ body: search({ limit: 1, cursor }) }), (answer) => answer.data.attributes.experiments)
).length;
const simple = await api.simpleSearchLLMObsExperimentation({ body: search({ limit: 1, number: 2 }) });
told.counted = [simple.meta.page.current, simple.meta.page.totalCount, simple.meta.page.totalPages];

// Events back.
const events = await pages(
  (pageCursor) => api.listLLMObsExperimentEvents({ experimentId: first.id, pageCursor, pageLimit: 2 }), (answer) => answer.data.attributes.spans);
told.events = events.map((span) => `${span.spanId} ${JSON.stringify(span.meta.output)} ${span.evalMetrics.map((metric) => metric.label)}`);
told.duration = events[2].duration;

// The end: the client reads an update's answer as a resource, so the emulator is told to give one.
const updated = await api.updateLLMObsExperiment({ experimentId: first.id, body: { data: { type: "experiments", attributes: { status: "completed" } } } });
told.status = updated.data.attributes.status;
await api.deleteLLMObsExperiments({ body: { data: { type: "experiments", attributes: { experimentIds: [first.id, second.id] } } } });
told.left = (await list({ filterProjectId: projectId })).length;
told.deleted = (await list({ filterProjectId: projectId, filterIsDeleted: true })).length;
await removeDataset(api, told, { projectId, datasetId });

try {
  await api.listLLMObsExperimentEvents({ experimentId: "nobody" });
} catch (problem) {
  told.unknown = `${problem.code} ${problem.body.errors[0].title}`;
}

console.log(JSON.stringify(told));
