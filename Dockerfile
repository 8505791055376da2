# The server has no build step; only the web client is bundled.
FROM node:24-trixie-slim AS built
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run build:web && npm prune --omit=dev && npm cache clean --force

FROM node:24-trixie-slim
ENV NODE_ENV=production HANSARD_DATA=/data HANSARD_HOST=0.0.0.0 NO_UPDATE_NOTIFIER=1 NODE_COMPILE_CACHE=/tmp/hansard-compiled
WORKDIR /app
COPY --from=built /app/package.json ./
COPY --from=built /app/node_modules ./node_modules
COPY --from=built /app/src ./src
COPY --from=built /app/projections ./projections
COPY --from=built /app/appliance ./appliance
COPY --from=built /app/web/dist ./web/dist
# What "hansard demo" imports beside its own story.
COPY --from=built /app/test/fixtures ./test/fixtures
# The base image brings the user "node" (1000). The program belongs to root and cannot change itself; only /data is writable.
RUN install -d -o node -g node -m 0700 /data
USER node
VOLUME /data
# The web; and the relay of calls, for what comes by UDP and by TCP.
EXPOSE 8080 3478/udp 3478/tcp
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=10s --start-period=30s CMD ["node", "appliance/main.ts", "health"]
ENTRYPOINT ["node", "appliance/main.ts"]
CMD ["start"]
