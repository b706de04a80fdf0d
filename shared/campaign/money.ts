/** What `segments` cost, in paise; hundredths of a paisa are the finest a tariff knows. */
export function costPaise(segments: number, paisePerSegment: number): number {
  return Math.round(segments * paisePerSegment * 100) / 100
}

/** `1234567.5` paise → `₹12,345.68`, grouped the Indian way (lakh, crore). */
export function formatRupees(paise: number): string {
  return RUPEES.format(paise / 100)
}

const RUPEES = new Intl.NumberFormat('en-IN', { style: 'currency', currency: 'INR' })
