export { executor } from './executor-module.ts'
