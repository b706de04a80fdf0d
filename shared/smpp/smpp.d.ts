/** The parts of the untyped `smpp` package that `codec.ts` uses; nothing else may import the package. */
declare module 'smpp' {
  export interface FieldType {
    read(buffer: Buffer, offset: number, length?: number): unknown
    write(value: unknown, buffer: Buffer, offset: number): void
    size(value: unknown): number
  }
  interface Param {
    type: FieldType
    filter?: unknown
  }
  interface Tlv {
    id: number
    tag?: string
    type: FieldType
    filter?: unknown
    multiple?: boolean
  }
  const smpp: {
    PDU: {
      new (command: string, fields?: Record<string, unknown>): { toBuffer(): Buffer }
      maxLength: number
    }
    commands: Record<string, { id: number; params?: Record<string, Param> }>
    tlvs: Record<string, Tlv>
    tlvsById: Record<number, Tlv>
    types: Record<string, FieldType> & { tlv: Record<string, FieldType> }
    errors: Record<string, number>
    addTLV(tag: string, options: { id: number; type: FieldType }): void
  }
  export default smpp
}
