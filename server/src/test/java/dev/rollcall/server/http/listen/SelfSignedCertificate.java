package dev.rollcall.server.http.listen;

import dev.rollcall.server.http.TlsFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** A certificate for {@code localhost}, made by the keytool of the JDK, and a client that trusts it. */
public final class SelfSignedCertificate {
    private static final String PASSWORD = "password";
    private static final String ALIAS = "test";

    private final TlsFiles files;
    private final SSLContext clientContext;

    private SelfSignedCertificate(TlsFiles files, SSLContext clientContext) {
        this.files = files;
        this.clientContext = clientContext;
    }

    /** Returns its files. */
    public TlsFiles files() {
        return files;
    }

    /** Returns what a client needs to trust it. */
    public SSLContext clientContext() {
        return clientContext;
    }

    /** Makes one, with its files in a directory. */
    public static SelfSignedCertificate create(Path directory) throws Exception {
        return create(directory, "-keyalg", "EC", "-groupname", "secp256r1");
    }

    /** Makes one with an RSA key, with its files in a directory. */
    static SelfSignedCertificate createRsa(Path directory) throws Exception {
        return create(directory, "-keyalg", "RSA", "-keysize", "2048");
    }

    private static SelfSignedCertificate create(Path directory, String... algorithm) throws Exception {
        Path store = directory.resolve("test.p12");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(), "-genkeypair", "-alias", ALIAS));
        command.addAll(List.of(algorithm));
        command.addAll(List.of(
                "-dname",
                "CN=localhost",
                "-ext",
                "san=dns:localhost,ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD));
        run(command);
        KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
        Path certificate = directory.resolve("certificate.pem");
        Path key = directory.resolve("key.pem");
        Files.writeString(
                certificate, pem("CERTIFICATE", keys.getCertificate(ALIAS).getEncoded()));
        Files.writeString(
                key,
                pem("PRIVATE KEY", keys.getKey(ALIAS, PASSWORD.toCharArray()).getEncoded()));
        return new SelfSignedCertificate(new TlsFiles(certificate, key), trusting(keys));
    }

    private static SSLContext trusting(KeyStore keys) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        trusted.setCertificateEntry(ALIAS, keys.getCertificate(ALIAS));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), new SecureRandom());
        return context;
    }

    static String pem(String type, byte[] content) {
        return "-----BEGIN " + type + "-----\n"
                + Base64.getMimeEncoder().encodeToString(content)
                + "\n-----END " + type + "-----\n";
    }

    private static void run(List<String> command) throws Exception {
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
            throw new IllegalStateException("keytool failed");
        }
    }
}
