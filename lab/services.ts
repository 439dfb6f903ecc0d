import { LOCAL_SERVICES } from "../spec/inventory.js";
import { Problem } from "../spec/problem.js";
import type { Secret } from "../spec/secret.js";
import { balancerConfiguration } from "./balancer.js";
import type { LabLayout } from "./layout.js";
import { BOOTED, insideWhen } from "./readiness.js";

/** The root keys of the lab's S3. */
export interface LabCredentials {
  readonly accessKey: Secret;
  readonly secretKey: Secret;
}

/**
 * Sees to it that the services host serves what a cloud would.
 * @param credentials - undefined: the environment stores elsewhere, so S3 is not started. One that runs already is left
 * to the nodes, which use it until they have been taken to the other storage.
 */
export async function provideServices(layout: LabLayout, credentials: LabCredentials | undefined): Promise<void> {
  if (credentials !== undefined) await provideStorage(layout, credentials);
  await provideBalancer(layout);
}

/**
 * Sees to it that S3 runs on the services host, with these keys and the registry's bucket. Other keys restart it.
 * They travel through standard input into a file that only root may read.
 */
async function provideStorage(layout: LabLayout, credentials: LabCredentials): Promise<void> {
  const settings = {
    ROOT_ACCESS_KEY: credentials.accessKey.reveal(),
    ROOT_SECRET_KEY: credentials.secretKey.reveal(),
    LAB_S3_PORT: `${LOCAL_SERVICES.s3Port}`,
    LAB_S3_REGION: LOCAL_SERVICES.region,
    LAB_S3_BUCKET: LOCAL_SERVICES.bucket,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${quoted(name, value)}\n`);
  await install(layout, "/etc/lab/s3.env", lines.join(""), {
    changed: "systemctl restart lab-s3",
    unchanged: "systemctl start lab-s3",
  });
}

const BALANCER = "/etc/haproxy/haproxy.cfg";

/** Sees to it that the balancer runs with the nodes of this layout, or does not run where none is asked for. */
async function provideBalancer(layout: LabLayout): Promise<void> {
  if (!layout.balanced) {
    const stop = `[ ! -e ${BALANCER}.known ] || { systemctl --quiet disable --now haproxy; rm ${BALANCER}.known; }`;
    await insideWhen(BOOTED, layout.services, stop);
    return;
  }
  await install(layout, BALANCER, balancerConfiguration(layout), {
    changed: "systemctl --quiet enable haproxy 2>/dev/null; systemctl reload-or-restart haproxy",
    unchanged: "systemctl start haproxy",
  });
}

/**
 * Puts a file on the services host and does one thing when that changed it and another when not. Killed between the
 * two the file would look as if its service knew it: so its name is given last.
 */
function install(
  layout: LabLayout,
  path: string,
  content: string,
  then: { readonly changed: string; readonly unchanged: string },
): Promise<string> {
  const script = `
    umask 077
    new=${path}.new
    cat > $new
    if cmp -s $new ${path}.known && cmp -s $new ${path}; then rm $new; ${then.unchanged}; exit; fi
    cp $new ${path}
    ${then.changed}
    mv $new ${path}.known
  `;
  return insideWhen(BOOTED, layout.services, script, { input: content });
}

/** A value in the language of systemd's environment files. */
function quoted(name: string, value: string): string {
  if (/[\n\r\0]/.test(value)) {
    throw new Problem({
      code: "lab/bad-storage-key",
      says: `${name} of the lab's storage has a line break`,
      instead: "use a key of one line",
    });
  }
  return `"${value.replaceAll(/["\\`$]/g, "\\$&")}"`;
}
