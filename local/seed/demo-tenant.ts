/** What a newcomer finds: a tenant with headers and templates as the DLT portal would have given them. All invented. */
import type { HeaderRecord, TemplateRecord, TenantRecord } from '../../shared/contracts/records.ts'
import { PoolConfig } from '../../shared/contracts/route.ts'
import { type EpochMs, PoolId, RouteId, TenantId } from '../../shared/ids.ts'

export const DEMO_TENANT = TenantId.parse('demo')
export const DEMO_POOL = PoolId.parse('demo')
export const DEMO_ROUTE = RouteId.parse('demo')

export const demoPool: PoolConfig = PoolConfig.parse({ id: DEMO_POOL })

export const demoTenant = (createdAt: EpochMs): TenantRecord => ({
  id: DEMO_TENANT,
  name: 'Demo Stores Private Limited',
  entityId: '1701160000000012345',
  pools: { otp: DEMO_POOL, service: DEMO_POOL, promotional: DEMO_POOL },
  paisePerSegment: 12,
  createdAt,
})

/** Every demo template is linked to it. */
export const DEMO_HEADER = 'DEMOST'

export const demoHeaders = (createdAt: EpochMs): HeaderRecord[] => [
  { name: DEMO_HEADER, createdAt },
  { name: 'DKGHAR', createdAt },
]

/** Variables of every demo template, in their order: the columns of a demo CSV. */
export const DEMO_VARIABLES = ['name', 'order'] as const

export type TemplateText = Pick<TemplateRecord, 'id' | 'name' | 'text'>

/** One segment of GSM 03.38. */
export const SHORT_TEMPLATE: TemplateText = {
  id: '1107160000000000101',
  name: 'Out for delivery',
  text: 'Dear {#var#}, your order {#var#} is out for delivery and arrives today. - Demo Stores',
}

/** Two segments of GSM 03.38; the order must be digits. */
export const LONG_TEMPLATE: TemplateText = {
  id: '1107160000000000104',
  name: 'Delivery rescheduled',
  text:
    'Dear {#var#}, we are sorry: your order {#numeric#} could not be delivered today because nobody was at the address. ' +
    'Our courier comes again tomorrow between 10 am and 6 pm. Please keep your phone within reach. - Demo Stores',
}

/** Two segments of UCS-2. */
export const HINDI_TEMPLATE: TemplateText = {
  id: '1107160000000000103',
  name: 'Out for delivery (Hindi)',
  text: 'प्रिय {#var#}, आपका ऑर्डर {#var#} आज आपके पते पर पहुँच जाएगा। कृपया अपना फ़ोन पास रखें। धन्यवाद - डेमो स्टोर्स',
}

export const demoTemplates = (createdAt: EpochMs): TemplateRecord[] =>
  [SHORT_TEMPLATE, LONG_TEMPLATE, HINDI_TEMPLATE].map((template) => ({
    ...template,
    header: DEMO_HEADER,
    category: 'service_implicit' as const,
    types: null,
    consentId: null,
    createdAt,
  }))
