export { type ConfigDisk, createConfigDisk } from './files/config-disk.ts'
export {
  type ConfigFiles,
  type ConfigFilesOptions,
  createConfigFiles,
  type Reread,
} from './files/config-files.ts'
export { type ConfigFolder, readConfigFolder } from './files/config-folder.ts'
export { type DecodedText, decodeText } from './files/decode-text.ts'
export { documentHash, NO_DOCUMENT_HASH } from './files/document-hash.ts'
export { fileOfNamespace, MANIFEST_FILE } from './files/file-names.ts'
export { faulty, type ReadingOptions, readDocument, readText } from './files/read-document.ts'
export { formatProblems } from './problems/format-problems.ts'
export { type ConfigDocument, type ConfigSource, parseConfig } from './read/parse-config.ts'
export { readScheduleText } from './read/schedule-config.ts'
export { configJsonSchema, type JsonSchema } from './schema/json-schema.ts'
export { type ConfigParser, createConfigParser, parseHere } from './thread/config-parser.ts'
