export { createFakeTron, type FakeTron, type FakeTronOptions } from './fake-tron.ts'
export {
  SAMPLE_NODE,
  sampleAction,
  sampleActionView,
  sampleAttempt,
  sampleJob,
  sampleJobRow,
  sampleJobView,
  sampleRun,
} from './sample-views.ts'
