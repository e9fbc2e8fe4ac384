export { store } from './store-module.ts'
