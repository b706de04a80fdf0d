import type { AttributeValue, PutItemCommandInput } from '@aws-sdk/client-dynamodb'

/** What must hold of the stored item for a write to happen. */
export interface When {
  equal?: Record<string, AttributeValue>
  /** Attributes that must not be greater than this already. */
  atMost?: Record<string, AttributeValue>
  /** Also write when there is no item at all. */
  orAbsent?: boolean
}

export type Condition = Pick<
  PutItemCommandInput,
  'ConditionExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues'
>

const ABSENT = 'attribute_not_exists(pk)'

/** Nothing may stand under the key yet. */
export const absent: Condition = { ConditionExpression: ABSENT }

/** Something must stand under the key. */
export const present: Condition = { ConditionExpression: 'attribute_exists(pk)' }

/** Every attribute goes by an alias, as DynamoDB reserves words like "state" and "owner". */
export function condition(when: When): Condition {
  const names: Record<string, string> = {}
  const values: Record<string, AttributeValue> = {}
  const clauses = [
    ...terms(when.equal, '=', 'is', names, values),
    ...terms(when.atMost, '<=', 'max', names, values),
  ].join(' AND ')
  return {
    ConditionExpression: when.orAbsent ? `${ABSENT} OR (${clauses})` : clauses,
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
  }
}

/** An update that sets and removes attributes when the condition holds. */
export function update(change: {
  set: Record<string, AttributeValue>
  remove?: readonly string[]
  when: When
}): Condition & { UpdateExpression: string } {
  const {
    ConditionExpression,
    ExpressionAttributeNames = {},
    ExpressionAttributeValues = {},
  } = condition(change.when)
  const names = { ...ExpressionAttributeNames }
  const values = { ...ExpressionAttributeValues }
  const sets = terms(change.set, '=', 'new', names, values).join(', ')
  const removes = (change.remove ?? []).map((name) => alias(name, names)).join(', ')
  return {
    UpdateExpression: removes ? `SET ${sets} REMOVE ${removes}` : `SET ${sets}`,
    ConditionExpression,
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: values,
  }
}

function terms(
  attributes: Record<string, AttributeValue> | undefined,
  operator: '=' | '<=',
  prefix: string,
  names: Record<string, string>,
  values: Record<string, AttributeValue>,
): string[] {
  return Object.entries(attributes ?? {}).map(([name, value]) => {
    values[`:${prefix}_${name}`] = value
    return `${alias(name, names)} ${operator} :${prefix}_${name}`
  })
}

function alias(name: string, names: Record<string, string>): string {
  names[`#${name}`] = name
  return `#${name}`
}
