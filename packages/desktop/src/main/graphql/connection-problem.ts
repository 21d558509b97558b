import { ConnectionProblem, type Problem } from '../../ipc/state.js';

const CERTIFICATE_CODES =
  /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|HOSTNAME_MISMATCH)/;
/** The handshake broke off before there was a certificate to verifier. */
const HANDSHAKE_CODES = /^(ERR_SSL_|ERR_TLS_|EPROTO$)/;
/** What came back was no TLS at all: plain HTTP as a rule. */
const PLAIN_TEXT_CODES = /^ERR_SSL_(WRONG_VERSION_NUMBER|HTTP_REQUEST|PACKET_LENGTH_TOO_LONG)$/;

/** What a failed connection to `address` means to a person; `error` is whatever `fetch` or a socket threw. */
export function toConnectionProblem(error: unknown, address: string): Problem {
  const code = errorCode(error);
  const host = new URL(address).host;
  if (code === 'ABORT_ERR' || code === 'TimeoutError' || code === 'UND_ERR_CONNECT_TIMEOUT') {
    return {
      code: ConnectionProblem.TIMED_OUT,
      message: `${host} did not answer in time. It may be busy, or something on the way is blocking it.`,
    };
  }
  if (CERTIFICATE_CODES.test(code)) {
    return {
      code: ConnectionProblem.CERTIFICATE_INVALID,
      message: certificateText(code, host),
      detail: code,
    };
  }
  return {
    code: ConnectionProblem.SERVER_UNREACHABLE,
    message: unreachableText(code, host),
    detail: code,
  };
}

/** `address` answers, but not as a Latchkey server does. */
export function notLatchkey(address: string, detail: string): Problem {
  return {
    code: ConnectionProblem.SERVER_NOT_LATCHKEY,
    message: `${new URL(address).host} answers, but it is not a Latchkey server. Check the address, or sign in to the network first where it asks for that.`,
    detail,
  };
}

export function serverFailing(address: string, detail: string): Problem {
  return {
    code: ConnectionProblem.SERVER_FAILING,
    message: `${new URL(address).host} cannot answer at the moment. Try again in a minute; if it stays so, tell its operator.`,
    detail,
  };
}

export function serverTooOld(address: string, detail: string): Problem {
  return {
    code: ConnectionProblem.SERVER_TOO_OLD,
    message: `${new URL(address).host} runs a version of Latchkey that is too old for this app. Ask its operator for an upgrade.`,
    detail,
  };
}

function unreachableText(code: string, host: string): string {
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return `No server was found under the name ${host}. Check the address and this machine's network.`;
  }
  if (PLAIN_TEXT_CODES.test(code)) {
    return `${host} answers, but not over https, so nothing was sent to it. Check the address and its port, or ask the server's operator for its https address.`;
  }
  if (HANDSHAKE_CODES.test(code)) {
    return `${host} and this app could not agree on a secure connection, so nothing was sent to it. Check the port; if it is right, the server's operator has to look at its https.`;
  }
  return `${host} cannot be reached. It may be down, or this machine may be offline.`;
}

function certificateText(code: string, host: string): string {
  if (code === 'CERT_NOT_YET_VALID') {
    return `The certificate of ${host} is not valid yet, so nothing was sent to it. Set this machine's clock if it is wrong; if it is right, the server's operator has to replace the certificate.`;
  }
  const reason =
    code === 'CERT_HAS_EXPIRED'
      ? 'has expired'
      : code === 'ERR_TLS_CERT_ALTNAME_INVALID'
        ? 'was made for another name'
        : 'is not signed by anybody this machine trusts';
  return `The certificate of ${host} ${reason}, so nothing was sent to it. The server's operator has to renew or replace it.`;
}

/** The innermost code: `fetch` wraps the socket's error, and a host with two addresses wraps it once more. */
function errorCode(error: unknown): string {
  if (!(error instanceof Error)) return 'UNKNOWN';
  if (error instanceof AggregateError && error.errors.length > 0) return errorCode(error.errors[0]);
  if (error.cause instanceof Error) return errorCode(error.cause);
  const code = (error as { code?: unknown }).code;
  return typeof code === 'string' ? code : error.name;
}
