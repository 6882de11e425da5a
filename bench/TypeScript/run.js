// The runner of Datadog's tracer for Node, over a dataset of the sink: a task that returns its input, and two evaluators. It is used without
// tracing, so that it does what Invoke-LlmObsExperiment does. What it sends to https://api.<site> goes to the sink instead.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { Experiments } = require("dd-trace/packages/dd-trace/src/llmobs/experiments");
const { version } = require("dd-trace/package.json");

const [sink, name, concurrency, runs] = process.argv.slice(2);
const send = globalThis.fetch;
globalThis.fetch = (url, options) => send(String(url).replace(/^https:\/\/[^/]+/, sink.replace(/\/$/, "")), options);

const experiments = new Experiments({
  DD_API_KEY: "none", DD_APP_KEY: "none", site: "bench.invalid", llmobs: { DD_LLMOBS_ENABLED: true, DD_LLMOBS_PROJECT_NAME: "bench" },
});

// They give what the module's evaluators give: a verdict and a reason beside the value.
function judged(value, yes, no) {
  return new experiments.EvaluatorResult(value, { assessment: value ? "pass" : "fail", reasoning: value ? yes : no });
}
function exact_match(input, output, expected) {
  return judged(output === expected, "The output is the expected one.", "The output is not the expected one.");
}
function contains(input, output) { return judged(String(output).includes(""), "The output contains ''.", "The output does not contain ''."); }

const seconds = [];
let rows;
for (let run = 0; run < Number(runs); run++) {
  const start = performance.now();
  const dataset = await experiments.pullDataset(name);
  const experiment = experiments.experiment({ name: "bench dd-trace", dataset, task: (input) => input, evaluators: [exact_match, contains] });
  const result = await experiment.run({ concurrency: Number(concurrency) });
  seconds.push((performance.now() - start) / 1000);
  rows = typeof result.rows === "function" ? result.rows() : result.rows;
}
console.log(JSON.stringify({ seconds, rows: rows.length, version }));
