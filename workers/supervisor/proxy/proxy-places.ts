/** Where the agent finds the proxy for whatever is not on loopback. */
export const proxyPort = 3128;
/** Where the agent finds models: `http://127.0.0.1:3129/<route>/v1/…`. */
export const modelPort = 3129;

const proxyUrl = `http://127.0.0.1:${proxyPort}`;
/** Loopback is the agent's own: its test servers, and the models. */
const direct = '127.0.0.1,localhost,::1';

/** Variables that HTTP clients look for; half of them read the lower-case ones alone. */
export const proxyEnvironment = {
  HTTP_PROXY: proxyUrl,
  HTTPS_PROXY: proxyUrl,
  NO_PROXY: direct,
  http_proxy: proxyUrl,
  https_proxy: proxyUrl,
  no_proxy: direct,
};
