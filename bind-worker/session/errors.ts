import { DakgharError } from '../../shared/errors.ts'

/** Base of everything that can go wrong between a bind worker and an SMSC. All of it may pass: the bind tries again. */
export class SessionError extends DakgharError {
  constructor(code: string, message: string, cause?: unknown) {
    super(code, message, { retryable: true, cause })
  }
}

/** Raised when nothing listens on the SMSC's port, or a firewall answers for it. */
export class ConnectRefused extends SessionError {
  constructor(where: string, cause: unknown) {
    super(
      'smsc_connect_refused',
      `${where} refuses connections: check host and port, and whether our address is allowed`,
      cause,
    )
  }
}

/** Raised when the connection, TLS included, was not up in time. */
export class ConnectTimeout extends SessionError {
  constructor(where: string, timeoutMs: number) {
    super(
      'smsc_connect_timeout',
      `${where} did not complete the connection in ${timeoutMs} ms: check the port and the firewall`,
    )
  }
}

/** Raised when the host name does not resolve. */
export class HostNotFound extends SessionError {
  constructor(where: string, cause: unknown) {
    super('smsc_host_not_found', `${where} cannot be resolved: check the route's host`, cause)
  }
}

/** Raised when the SMSC's certificate is not one the route trusts. Nothing was sent, the password least of all. */
export class TlsUntrusted extends SessionError {
  constructor(where: string, reason: string, cause: unknown) {
    super(
      'smsc_tls_untrusted',
      `${where} shows a certificate we do not trust (${reason}): set the route's tlsCa or tlsServerName`,
      cause,
    )
  }
}

/** Raised when the TLS handshake fails for another reason, most often a plaintext port. */
export class TlsFailed extends SessionError {
  constructor(where: string, reason: string, cause: unknown) {
    super(
      'smsc_tls_failed',
      `${where} does not complete a TLS handshake (${reason}): is it the TLS port?`,
      cause,
    )
  }
}

/** Raised when the network or the SMSC's machine cannot be reached for another reason. */
export class ConnectFailed extends SessionError {
  constructor(where: string, reason: string, cause?: unknown) {
    super('smsc_connect_failed', `no connection to ${where}: ${reason}`, cause)
  }
}

/** Raised when the connection ends without an unbind. */
export class ConnectionLost extends SessionError {
  constructor(where: string, reason: string, cause?: unknown) {
    super('smsc_connection_lost', `${where} ended the connection: ${reason}`, cause)
  }
}

/** Raised when we gave up connecting ourselves, because the bind is being closed. */
export class ConnectAborted extends SessionError {
  constructor(where: string) {
    super('smsc_connect_aborted', `connecting to ${where} was given up`)
  }
}

/** Raised when the peer stopped sending anything, enquire_link_resp included. */
export class LinkDead extends SessionError {
  constructor(timeoutMs: number) {
    super('smsc_link_dead', `the SMSC sent nothing for ${timeoutMs} ms after an enquire_link`)
  }
}

/** Raised when a PDU of the peer cannot be read, or comes when it may not. */
export class ProtocolError extends SessionError {
  constructor(message: string, cause?: unknown) {
    super('smsc_protocol_error', message, cause)
  }
}

/** Raised when the SMSC ends the session with an unbind: it restarts, or its operator wants us gone. */
export class UnboundByPeer extends SessionError {
  constructor() {
    super('smsc_unbound', 'the SMSC unbound the session')
  }
}
