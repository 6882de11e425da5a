// The runner of Datadog's tracer for Node, over a dataset of the sink: a task that returns its input, and two evaluators. It is used without
// tracing, so that it does what Invoke-LlmObsExperiment does. What it sends to https://api.<site> goes to the sink instead.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { Experiments } = require("dd-trace/packages/dd-trace/src/llmobs/experiments");
const { version } = require("dd-trace/package.json");

const [sink, name, concurrency] = process.argv.slice(2);
const send = globalThis.fetch;
globalThis.fetch = (url, options) => send(String(url).replace(/^https:\/\/[^/]+/, sink.replace(/\/$/, "")), options);

const experiments = new Experiments({
  DD_API_KEY: "none", DD_APP_KEY: "none", site: "bench.invalid", llmobs: { DD_LLMOBS_ENABLED: true, DD_LLMOBS_PROJECT_NAME: "bench" },
});

function exact_match(input, output, expected) { return output === expected; }
function contains(input, output) { return String(output).includes(""); }

const start = performance.now();
const dataset = await experiments.pullDataset(name);
const experiment = experiments.experiment({ name: "bench dd-trace", dataset, task: (input) => input, evaluators: [exact_match, contains] });
const result = await experiment.run({ concurrency: Number(concurrency) });
const seconds = (performance.now() - start) / 1000;
const rows = typeof result.rows === "function" ? result.rows() : result.rows;
console.log(JSON.stringify({ seconds, rows: rows.length, version }));
