import { DakgharError } from '../../shared/errors.ts'

const ENOUGH = 100

/** A caller who repeats every call, arguments and all, until it fails for good or gets an answer. */
export function persistent<T extends object>(inner: T): T {
  return new Proxy(inner, {
    get(target, name) {
      const member = Reflect.get(target, name) as unknown
      if (typeof member !== 'function') return member
      return async (...args: unknown[]) => {
        for (let attempt = 1; ; attempt++) {
          try {
            return await member.apply(target, args)
          } catch (error) {
            const passing = error instanceof DakgharError && error.retryable
            if (!passing || attempt === ENOUGH) throw error
          }
        }
      }
    },
  })
}
