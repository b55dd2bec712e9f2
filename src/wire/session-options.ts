import type { ServerOptions } from 'node:http2';

/** Bytes that the peer may send before we have read them, for a stream and for the session. */
export const windowBytes = 1024 * 1024;

/** Requests outside the contract that are answered 403 before the session is ended. */
export const maxDeniedRequests = 100;

/**
 * HTTP/2 server options for a peer that is hostile: small headers, few streams, no push, bounded
 * session memory, and an early end for floods of resets, pings, settings and invalid frames
 * (CVE-2019-9511 to 9518, CVE-2023-44487). nghttp2 itself bounds CONTINUATION and queued answers.
 */
export const sessionOptions: ServerOptions = {
  maxSessionMemory: 8,
  maxHeaderListPairs: 32,
  maxOutstandingPings: 2,
  maxSettings: 16,
  maxSessionInvalidFrames: 10,
  maxSessionRejectedStreams: 10,
  streamResetBurst: 100,
  streamResetRate: 10,
  maxSendHeaderBlockLength: 16 * 1024,
  settings: {
    enablePush: false,
    enableConnectProtocol: false,
    headerTableSize: 4096,
    initialWindowSize: windowBytes,
    maxConcurrentStreams: 32,
    maxFrameSize: 64 * 1024,
    maxHeaderListSize: 16 * 1024,
  },
};
