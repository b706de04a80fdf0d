import {
  ConnectFailed,
  ConnectionLost,
  ConnectRefused,
  HostNotFound,
  type SessionError,
  TlsFailed,
  TlsUntrusted,
} from './errors.ts'

/** Codes of OpenSSL's certificate verification and of Node's host name check; see `X509_V_ERR_*`. */
const UNTRUSTED =
  /^(CERT_|ERR_TLS_CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO_|INVALID_(CA|PURPOSE)|HOSTNAME_MISMATCH)/
const TLS_FAILURE = /^(ERR_SSL_|ERR_TLS_|EPROTO$)/

/** What an error before the connection was up means to an operator. */
export function connectError(error: Error, where: string, tls: boolean): SessionError {
  const code = codeOf(error)
  if (code === 'ECONNREFUSED') return new ConnectRefused(where, error)
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return new HostNotFound(where, error)
  if (UNTRUSTED.test(code)) return new TlsUntrusted(where, code, error)
  if (TLS_FAILURE.test(code)) return new TlsFailed(where, code, error)
  if (tls && code === 'ECONNRESET') return new TlsFailed(where, 'the connection was reset', error)
  return new ConnectFailed(where, error.message, error)
}

/** Why a connection that was up is gone; without an error the peer closed it. */
export function connectionError(error: Error | null, where: string): SessionError {
  if (error === null) return new ConnectionLost(where, 'closed by the peer')
  return new ConnectionLost(where, codeOf(error) || error.message, error)
}

function codeOf(error: Error): string {
  const { code } = error as { code?: unknown }
  return typeof code === 'string' ? code : ''
}
