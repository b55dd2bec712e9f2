import type { GitHubStandIn } from './github/stand-in.ts';

/** The environment of an App that serves this stand-in, with everything else under `dataDir`. */
export function appEnvironment(
  standIn: GitHubStandIn,
  place: { readonly dataDir: string; readonly engineSocket: string; readonly workerImage: string },
): Record<string, string> {
  return {
    APP_ID: String(standIn.world.app.id),
    PRIVATE_KEY: standIn.appPrivateKey,
    WEBHOOK_SECRET: standIn.webhookSecret,
    GITHUB_API_URL: standIn.apiUrl,
    GITHUB_SERVER_URL: standIn.url,
    PORT: '0',
    DOCKER_HOST: `unix://${place.engineSocket}`,
    SALLYPORT_DATA: place.dataDir,
    SALLYPORT_WORKER_IMAGE: place.workerImage,
    SALLYPORT_RUNNER_ID: 'test-runner',
    LOG_LEVEL: 'info',
  };
}
