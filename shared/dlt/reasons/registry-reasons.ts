/** Refusals for what is, or is not, registered on DLT: entity, telemarketers and their chain, header, template. */
import type { Fix, Reason, Resend } from './reason.ts'

const ENTITY: Fix = { who: 'sender', where: 'entity' }
const CHAIN: Fix = { who: 'sender', where: 'chain' }
const HEADER: Fix = { who: 'sender', where: 'header' }
const TEMPLATE: Fix = { who: 'sender', where: 'template' }

function refusal(fix: Fix, sentence: string, resend: Resend = 'after_fix', source = 'facts A9'): Reason {
  return { sentence, fix, resend, dlt: true, source }
}

export const REGISTRY_REASONS = {
  entity_unknown: refusal(
    ENTITY,
    "The operator's registry (DLT) does not know the principal entity, the business the message is sent for. " +
      'Check its id, and that its registration has reached this operator.',
  ),
  entity_inactive: refusal(
    ENTITY,
    "The principal entity's registration is not active with this operator. Renew it at the DLT portal.",
  ),
  entity_blacklisted: refusal(
    ENTITY,
    'The principal entity is blacklisted by the operators. Ask the DLT portal why, and how to be taken off.',
  ),
  entity_id_wrong: refusal(
    { who: 'platform', where: 'route' },
    "The principal entity's id did not arrive with the message, or not as 12 to 19 digits. " +
      "Check the tenant's entity id and the DLT fields of the route.",
    'after_fix',
    'facts A5, A9',
  ),
  entity_mismatch: refusal(
    ENTITY,
    'The principal entity sent with the message is not the one the template or the gateway account belongs to.',
  ),

  telemarketer_not_linked: refusal(
    CHAIN,
    'A company that carries the message (a telemarketer) is not allowed to send for this principal entity. ' +
      'Link the two at the DLT portal.',
  ),
  telemarketer_unknown: refusal(
    { who: 'gateway', where: 'chain' },
    'A company that carries the message (a telemarketer) is not registered on DLT, or its id is wrong. ' +
      'Compare the ids of the chain with what the gateway gave you.',
  ),
  telemarketer_inactive: refusal(
    { who: 'gateway', where: 'chain' },
    'The registration of a company that carries the message (a telemarketer) is not active. Tell the gateway.',
  ),
  telemarketer_blacklisted: refusal(
    { who: 'gateway', where: 'chain' },
    'A company that carries the message (a telemarketer) is blacklisted by the operators. Tell the gateway.',
  ),

  chain_missing: refusal(
    { who: 'platform', where: 'chain' },
    'The message came without the list of companies it passed through (the PE-TM chain). ' +
      'Configure the chain of this principal entity on the route.',
    'other_chain',
    'facts A6, A9',
  ),
  chain_unregistered: refusal(
    CHAIN,
    'The list of companies the message passed through (the PE-TM chain) is not registered for this principal ' +
      'entity. Compare ids and order with the DLT portal; `dakghar chain` computes the hash.',
    'other_chain',
    'facts A6, A9',
  ),
  chain_inactive: refusal(
    CHAIN,
    'The PE-TM chain, the registered list of companies a message passes through, is not active. ' +
      'Every company in it must have accepted it at the DLT portal.',
    'other_chain',
    'facts A6, A9',
  ),
  chain_blacklisted: refusal(
    CHAIN,
    'The PE-TM chain, the registered list of companies a message passes through, is blacklisted. ' +
      'Register another one at the DLT portal.',
  ),
  chain_suspended: refusal(
    CHAIN,
    'The PE-TM chain, the registered list of companies a message passes through, was suspended by one of them. ' +
      'Have the suspension lifted at the DLT portal.',
  ),

  header_unknown: refusal(
    HEADER,
    "The operator's registry (DLT) does not know the sender header. Upper and lower case count.",
    'after_fix',
    'facts A2, A9',
  ),
  header_inactive: refusal(
    HEADER,
    'The sender header is registered but not active. Activate it at the DLT portal.',
  ),
  header_blacklisted: refusal(
    HEADER,
    'The sender header is blocked by the operators. Ask the DLT portal why.',
  ),
  header_not_of_entity: refusal(
    HEADER,
    'The sender header is registered to another principal entity than the one sent with the message.',
  ),
  header_suspended: refusal(
    HEADER,
    'The sender header is suspended: its validity ended, it was not used for long, or you suspended it. ' +
      'Renew it at the DLT portal.',
    'after_fix',
    'facts A2, A9',
  ),
  header_released: refusal(
    HEADER,
    'The sender header was given back to the pool of free headers and belongs to nobody. Register it again.',
  ),

  template_unknown: refusal(
    TEMPLATE,
    "The operator's registry (DLT) does not know the template id. A template just approved takes a while to reach " +
      'every operator.',
  ),
  template_inactive: refusal(
    TEMPLATE,
    'The template is registered but not active. Activate it at the DLT portal.',
  ),
  template_blacklisted: refusal(
    TEMPLATE,
    'The template is blocked by the operators. Ask the DLT portal why.',
  ),
  template_suspended: refusal(
    TEMPLATE,
    'The template is suspended: its validity ended, it was not used for long, or you suspended it. ' +
      'Renew it at the DLT portal.',
  ),
  template_not_of_entity: refusal(
    TEMPLATE,
    'The template is registered to another principal entity than the one sent with the message.',
  ),
  template_id_wrong: refusal(
    TEMPLATE,
    'The template id did not arrive with the message, or not as 12 to 19 digits. ' +
      'Check the id registered here, and the DLT fields of the route.',
    'after_fix',
    'facts A5, A9',
  ),
  header_not_linked: refusal(
    TEMPLATE,
    'The template is not registered for this sender header. Link the header to it at the DLT portal.',
    'after_fix',
    'facts A2, A9',
  ),
} as const satisfies Record<string, Reason>
