export {
  type ActionPath,
  type ClientOptions,
  createClient,
  type TronClient,
  type Upload,
} from './create-client.ts'
export type { Fetch } from './transport.ts'
