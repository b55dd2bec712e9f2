# The control plane. It starts sandboxes through a Docker Engine that the operator gives it (a socket
# of a rootless or dedicated engine: see docs), and runs no repository code itself.
FROM node:26-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# Without the optional packages: they are the Node of a development machine, and this image has one.
RUN npm ci --omit=dev --omit=optional --ignore-scripts --loglevel=error

FROM node:26-bookworm-slim
# git reads repositories; redis-server is the embedded queue, used when REDIS_URL is not set; tini
# reaps what they leave. Pinned to their upstream version, open to Debian's security revisions.
RUN export DEBIAN_FRONTEND=noninteractive \
 && apt-get update -qq \
 && apt-get install -qq -y --no-install-recommends \
      ca-certificates 'git=1:2.39.*' 'redis-server=5:7.0.*' 'tini=0.19.*' >/dev/null \
 && rm -rf /var/lib/apt/lists/* /var/cache/apt/* \
 && find / -xdev -type f -perm /6000 -exec chmod a-s {} +

WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY package.json app.yml ./
COPY policies ./policies
COPY src ./src

# The only folder that is written to: database, embedded queue, repository mirrors.
RUN install -d -o node -g node /var/lib/sallyport
# Inside a container loopback would reach nobody; publish the port behind a TLS proxy.
ENV NODE_ENV=production HOST=0.0.0.0 SALLYPORT_DATA=/var/lib/sallyport
VOLUME /var/lib/sallyport
USER node
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT ?? 3000}/healthz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["tini", "--", "node", "src/main.ts"]
CMD ["start"]
