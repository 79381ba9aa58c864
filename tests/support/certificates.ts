/** Certificates of a test authority, as PEM strings and as files. */
export interface Certificates extends AsyncDisposable {
  readonly ca: string;
  readonly clientCert: string;
  readonly clientKey: string;
  readonly serverCert: string;
  readonly serverKey: string;
  readonly serverFlags: readonly string[];
}

/** Creates an authority, a server certificate for 127.0.0.1 and localhost, and a client certificate. */
export async function makeCertificates(): Promise<Certificates> {
  const folder = await Deno.makeTempDir({ prefix: "etcd3-tls-" });
  const openssl = async (...args: string[]) => {
    const { success, stderr } = await new Deno.Command("openssl", { args, cwd: folder }).output();
    if (!success) throw new Error(new TextDecoder().decode(stderr));
  };
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  await openssl(
    "req",
    "-x509",
    ...key,
    "-keyout",
    "ca.key",
    "-out",
    "ca.crt",
    "-days",
    "2",
    "-subj",
    "/CN=test CA",
  );
  for (const name of ["server", "client"]) {
    await openssl(
      "req",
      ...key,
      "-keyout",
      `${name}.key`,
      "-out",
      `${name}.csr`,
      "-subj",
      `/CN=${name}`,
    );
    await Deno.writeTextFile(
      `${folder}/${name}.ext`,
      "subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:etcd.example\nextendedKeyUsage=serverAuth,clientAuth\n",
    );
    await openssl(
      "x509",
      "-req",
      "-in",
      `${name}.csr`,
      "-CA",
      "ca.crt",
      "-CAkey",
      "ca.key",
      "-CAcreateserial",
      "-out",
      `${name}.crt`,
      "-days",
      "2",
      "-extfile",
      `${name}.ext`,
    );
  }
  const read = (file: string) => Deno.readTextFile(`${folder}/${file}`);
  return {
    ca: await read("ca.crt"),
    clientCert: await read("client.crt"),
    clientKey: await read("client.key"),
    serverCert: await read("server.crt"),
    serverKey: await read("server.key"),
    serverFlags: [
      `--cert-file=${folder}/server.crt`,
      `--key-file=${folder}/server.key`,
      `--trusted-ca-file=${folder}/ca.crt`,
      "--client-cert-auth",
    ],
    [Symbol.asyncDispose]: () => Deno.remove(folder, { recursive: true }),
  };
}
