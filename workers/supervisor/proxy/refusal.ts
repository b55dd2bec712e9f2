/** What the proxy itself says, in the shape that the control plane's refusals have. */
export function refusalText(reason: string): string {
  return JSON.stringify({ error: { type: 'sallyport_proxy', reason } });
}
