import type { CreateTableCommandInput } from '@aws-sdk/client-dynamodb'
import { DUE_INDEX, type TableSpec } from '../shared/contracts/wiring.ts'

/** Attribute by which DynamoDB removes items, in epoch seconds. */
export const TTL_ATTRIBUTE = 'ttl'

/** How the SDK creates a table of the wiring: on demand, string keys pk and sk, the sparse index where asked for. */
export function tableDefinition(spec: TableSpec, tableName: string): CreateTableCommandInput {
  const base: CreateTableCommandInput = {
    TableName: tableName,
    BillingMode: 'PAY_PER_REQUEST',
    KeySchema: [
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ],
    AttributeDefinitions: [
      { AttributeName: 'pk', AttributeType: 'S' },
      { AttributeName: 'sk', AttributeType: 'S' },
    ],
  }
  if (!spec.dueIndex) return base
  return {
    ...base,
    AttributeDefinitions: [
      ...(base.AttributeDefinitions ?? []),
      { AttributeName: DUE_INDEX.hash, AttributeType: 'S' },
      { AttributeName: DUE_INDEX.range, AttributeType: 'N' },
    ],
    GlobalSecondaryIndexes: [
      {
        IndexName: DUE_INDEX.name,
        KeySchema: [
          { AttributeName: DUE_INDEX.hash, KeyType: 'HASH' },
          { AttributeName: DUE_INDEX.range, KeyType: 'RANGE' },
        ],
        Projection: { ProjectionType: 'KEYS_ONLY' },
      },
    ],
  }
}
