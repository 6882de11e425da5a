// A project and a dataset: records in four ways, versions, a copy, and the file.
import { pages } from "./api.js";

export async function makeDataset(api, told) {
  // The second creation finds the first.
  const project = (await api.createLLMObsProject({ body: { data: { type: "projects", attributes: { name: "witness", description: "d" } } } })).data;
  const again = (await api.createLLMObsProject({ body: { data: { type: "projects", attributes: { name: "witness" } } } })).data;
  told.projectIsFound = project.id === again.id;
  await api.updateLLMObsProject({ projectId: project.id, body: { data: { type: "projects", attributes: { description: "changed" } } } });
  told.projects = (await api.listLLMObsProjects({ filterName: "witness" })).data.map((item) => item.attributes.description);

  const projectId = project.id;
  const dataset = (await api.createLLMObsDataset({ projectId, body: { data: { type: "datasets", attributes: { name: "faq" } } } })).data;
  const datasetId = dataset.id;
  const ids = { projectId, datasetId };
  await api.updateLLMObsDataset({ ...ids, body: { data: { type: "datasets", attributes: { description: "questions" } } } });

  // Records are added and listed in pages, changed, deleted; all three at once in a batch; and uploaded as a file.
  const list = (more) => pages((pageCursor) => api.listLLMObsDatasetRecords({ ...ids, ...more, pageCursor, pageLimit: 2 }));
  const questions = (items) => items.map((item) => item.input.question).sort().join();
  const records = [1, 2, 3].map((n) => ({ input: { question: `q${n}` }, expectedOutput: { answer: `a${n}` } }));
  const added = await api.createLLMObsDatasetRecords({ ...ids, body: { data: { type: "records", attributes: { records } } } });
  told.added = added.data.flatMap((change) => change.records).length;
  const [first, second, third] = (await list()).sort((one, other) => (one.input.question < other.input.question ? -1 : 1));
  await api.updateLLMObsDatasetRecords({ ...ids, body: { data: { type: "records", attributes: { records: [{ id: first.id, input: { question: "q1 changed" } }] } } } });
  await api.deleteLLMObsDatasetRecords({ ...ids, body: { data: { type: "records", attributes: { recordIds: [second.id] } } } });
  told.changed = questions(await list());
  const batch = { insertRecords: [{ input: { question: "q4" } }], updateRecords: [{ id: third.id, input: { question: "q3 changed" } }], deleteRecords: [first.id] };
  await api.batchUpdateLLMObsDataset({ ...ids, body: { data: { id: datasetId, type: "datasets", attributes: batch } } });
  told.batched = questions(await list());
  const csv = "input,expected_output\nq5,a5\nq6,a6\n";
  await api.uploadLLMObsDatasetRecordsFile({ ...ids, file: { data: Buffer.from(csv), name: "faq.csv" } });
  told.uploaded = (await list()).length;

  // Each change made a version. An old one is read, copied and brought back.
  const versions = (await api.listLLMObsDatasetVersions(ids)).data;
  told.versions = versions.length;
  told.oldVersion = questions(await list({ filterVersion: 1 }));
  const copy = (await api.cloneLLMObsDataset({ ...ids, body: { data: { id: datasetId, type: "datasets", attributes: { name: "faq copy" } } } })).data;
  told.copied = (await api.listLLMObsDatasetRecords({ projectId, datasetId: copy.id })).data.length;
  await api.restoreLLMObsDatasetVersion({ ...ids, body: { data: { id: datasetId, type: "datasets", attributes: { datasetVersion: 1 } } } });
  told.restored = questions(await list());
  told.file = (await api.exportLLMObsDataset({ ...ids, format: "csv", version: 1 })).split("\n")[0].trim();
  await api.deleteLLMObsDatasets({ projectId, body: { data: { type: "datasets", attributes: { datasetIds: [copy.id] } } } });
  told.datasets = (await api.listLLMObsDatasets({ projectId })).data.map((item) => `${item.attributes.name}: ${item.attributes.description}`);
  return ids;
}

export async function removeDataset(api, told, { projectId, datasetId }) {
  await api.deleteLLMObsDatasets({ projectId, body: { data: { type: "datasets", attributes: { datasetIds: [datasetId] } } } });
  told.datasetsLeft = (await api.listLLMObsDatasets({ projectId })).data.length;
  await api.deleteLLMObsProjects({ body: { data: { type: "projects", attributes: { projectIds: [projectId] } } } });
  told.projectsLeft = (await api.listLLMObsProjects({ filterName: "witness" })).data.length;
}
