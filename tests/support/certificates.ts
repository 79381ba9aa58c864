import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { promisify } from "node:util";

/** Certificates of a test authority, as PEM strings. */
export interface Certificates {
  readonly ca: string;
  readonly clientCert: string;
  readonly clientKey: string;
  readonly serverCert: string;
  readonly serverKey: string;
}

/** A folder of certificates, which is deleted at the end. */
export interface CertificateFolder extends Certificates, AsyncDisposable {
  /** Path of the folder. */
  readonly folder: string;
  /** File of the authority's certificate. */
  readonly caFile: string;
  /** Flags of an etcd that uses the files. */
  readonly serverFlags: readonly string[];
  /** Replaces the files by those of another authority, and returns these. */
  renew(): Promise<Certificates>;
}

const NEW_KEY = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
const EXTENSIONS = "subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:etcd.example\n" +
  "extendedKeyUsage=serverAuth,clientAuth\n";

/** Creates an authority, a server certificate for 127.0.0.1 and localhost, and a client certificate. */
export function makeCertificates(): Promise<CertificateFolder> {
  return makeFolder(2);
}

/** Creates the same, but the certificates of the server and the client expired yesterday. */
export function makeExpiredCertificate(): Promise<CertificateFolder> {
  return makeFolder(-1);
}

async function makeFolder(days: number): Promise<CertificateFolder> {
  const folder = await mkdtemp(`${tmpdir()}/etcd3-tls-`);
  return {
    ...await writeCertificates(folder, days),
    folder,
    caFile: `${folder}/ca.crt`,
    serverFlags: [
      `--cert-file=${folder}/server.crt`,
      `--key-file=${folder}/server.key`,
      `--trusted-ca-file=${folder}/ca.crt`,
      "--client-cert-auth",
    ],
    renew: () => writeCertificates(folder, days),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}

async function writeCertificates(folder: string, days: number): Promise<Certificates> {
  const openssl = async (command: string, ...args: string[]) => {
    await promisify(execFile)("openssl", [...command.split(" "), ...args], { cwd: folder });
  };
  const authority = `/CN=test CA ${crypto.randomUUID()}`;
  const caFiles = ["-keyout", "ca.key", "-out", "ca.crt"];
  await openssl("req -x509 -days 2", ...NEW_KEY, ...caFiles, "-subj", authority);
  await writeFile(`${folder}/extensions`, EXTENSIONS);
  for (const name of ["server", "client"]) {
    const files = ["-keyout", `${name}.key`, "-out", `${name}.csr`];
    await openssl("req", ...NEW_KEY, ...files, "-subj", `/CN=${name}`);
    await openssl(
      `x509 -req -in ${name}.csr -out ${name}.crt -days ${days} -extfile extensions ` +
        "-CA ca.crt -CAkey ca.key -CAcreateserial",
    );
  }
  const read = (file: string) => readFile(`${folder}/${file}`, "utf8");
  return {
    ca: await read("ca.crt"),
    clientCert: await read("client.crt"),
    clientKey: await read("client.key"),
    serverCert: await read("server.crt"),
    serverKey: await read("server.key"),
  };
}
