/** The parts of the untyped `smpp` package that `codec.ts` uses; nothing else may import the package. */
declare module 'smpp' {
  interface FieldType {
    read(buffer: Buffer, offset: number, length?: number): unknown
    write(value: unknown, buffer: Buffer, offset: number): void
    size(value: unknown): number
  }
  interface Param {
    type: FieldType
    filter?: unknown
  }
  export interface RawPdu {
    command: string
    command_id: number
    command_status: number
    sequence_number: number
    toBuffer(): Buffer
    [field: string]: unknown
  }
  const smpp: {
    PDU: {
      new (command: string, fields?: Record<string, unknown>): RawPdu
      new (buffer: Buffer): RawPdu
      maxLength: number
    }
    commands: Record<string, { id: number; params?: Record<string, Param> }>
    tlvs: Record<string, { id: number; type: FieldType; filter?: unknown }>
    types: Record<string, FieldType> & { tlv: Record<string, FieldType> }
    errors: Record<string, number>
    addTLV(tag: string, options: { id: number; type: FieldType }): void
  }
  export default smpp
}
