/**
 * Writer of documents: calls, answers and faults with their values.
 *
 * @module
 */
export {
  encodeFault,
  encodeMethodCall,
  encodeMethodResponse,
  type EncodeOptions,
  type IntegerForm,
  writeMethodCall,
  writeMethodResponse,
} from "./encoder.ts";
