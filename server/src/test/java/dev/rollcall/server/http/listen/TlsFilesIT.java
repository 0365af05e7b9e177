package dev.rollcall.server.http.listen;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.rollcall.server.http.TlsFiles;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates and keys in the forms that people have them in: they work, or what is said tells what to do. */
class TlsFilesIT {
    /** The tag of an octet string in DER, whose length follows in two bytes after {@code 0x82}, or in one. */
    private static final int OCTET_STRING = 4;

    @TempDir
    static Path directory;

    private static SelfSignedCertificate rsa;
    private static SelfSignedCertificate ec;

    @BeforeAll
    static void create() throws Exception {
        rsa = SelfSignedCertificate.createRsa(Files.createDirectory(directory.resolve("rsa")));
        ec = SelfSignedCertificate.create(Files.createDirectory(directory.resolve("ec")));
    }

    private static Path write(String name, String text) throws Exception {
        return Files.writeString(directory.resolve(name), text);
    }

    private static void assertServes(SelfSignedCertificate trusted, TlsFiles files) throws Exception {
        try (TestServer server = TestServer.start(files)) {
            HttpClient client =
                    HttpClient.newBuilder().sslContext(trusted.clientContext()).build();
            HttpRequest request = HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + "/a"))
                    .build();
            assertThat(client.send(request, BodyHandlers.ofString()).statusCode())
                    .isEqualTo(200);
        }
    }

    private static void assertRefused(Path certificate, Path key, String why) {
        assertThat(catchThrowable(
                        () -> TestServer.start(new TlsFiles(certificate, key)).close()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("tls: cannot use " + certificate + " and " + key + ": ")
                .hasMessageContaining(why)
                .hasMessageEndingWith("(expected: a PEM certificate chain and its PKCS#8 key without a password)");
    }

    @Test
    void rsaAndEc_areServed() throws Exception {
        assertServes(rsa, rsa.files());
        assertServes(ec, ec.files());
    }

    @Test
    void linesThatEndAsOnWindows_areServed() throws Exception {
        String certificate = Files.readString(rsa.files().certificateChain());
        String key = Files.readString(rsa.files().privateKey());
        assertServes(
                rsa,
                new TlsFiles(
                        write("crlf.pem", certificate.replaceAll("\r?\n", "\r\n")),
                        write("crlf-key.pem", key.replaceAll("\r?\n", "\r\n"))));
    }

    @Test
    void chainWithTextBetween_isServed() throws Exception {
        String chain = "subject: leaf\n" + Files.readString(rsa.files().certificateChain()) + "\nissuer: other\n"
                + Files.readString(ec.files().certificateChain());
        assertServes(rsa, new TlsFiles(write("chain.pem", chain), rsa.files().privateKey()));
    }

    @Test
    void keyOfAnotherCertificate_isRefused() {
        assertRefused(rsa.files().certificateChain(), ec.files().privateKey(), "tls-key: ");
    }

    @Test
    void keyInPkcs1_isRefusedWithTheCommandThatConvertsIt() throws Exception {
        Path key = write("pkcs1.pem", SelfSignedCertificate.pem("RSA PRIVATE KEY", inner(rsa)));
        assertRefused(rsa.files().certificateChain(), key, "openssl pkcs8 -topk8 -nodes -in " + key);
    }

    @Test
    void keyInSec1_isRefusedWithTheCommandThatConvertsIt() throws Exception {
        Path key = write("sec1.pem", SelfSignedCertificate.pem("EC PRIVATE KEY", inner(ec)));
        assertRefused(ec.files().certificateChain(), key, "openssl pkcs8 -topk8 -nodes -in " + key);
    }

    /** Returns the key that PKCS#8 wraps, which is the last octet string of the outermost sequence. */
    private static byte[] inner(SelfSignedCertificate certificate) throws Exception {
        String pem = Files.readString(certificate.files().privateKey());
        byte[] der = Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
        for (int i = 4; i < der.length - 4; i++) {
            boolean isLong = (der[i + 1] & 0xff) == 0x82;
            int length = isLong ? (der[i + 2] & 0xff) << 8 | der[i + 3] & 0xff : der[i + 1] & 0xff;
            int begin = i + (isLong ? 4 : 2);
            if (der[i] == OCTET_STRING && begin + length == der.length) {
                return Arrays.copyOfRange(der, begin, der.length);
            }
        }
        throw new AssertionError("no octet string at the end");
    }

    @Test
    void keyWithAPassword_isRefused() throws Exception {
        Path key = write("password.pem", SelfSignedCertificate.pem("ENCRYPTED PRIVATE KEY", new byte[100]));
        assertRefused(rsa.files().certificateChain(), key, "it has a password");
        Path old = write(
                "old-password.pem",
                "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nAAAA\n"
                        + "-----END RSA PRIVATE KEY-----\n");
        assertRefused(rsa.files().certificateChain(), old, "it has a password");
    }

    @Test
    void filesThatAreEmptyMissingOrSwapped_areNamed() throws Exception {
        Path certificate = rsa.files().certificateChain();
        Path key = rsa.files().privateKey();
        Path missing = directory.resolve("missing.pem");
        assertRefused(certificate, write("empty.pem", ""), "tls-key: no private key in PEM is in it");
        assertRefused(missing, key, "tls-cert: there is no such file");
        assertRefused(certificate, missing, "tls-key: there is no such file");
        assertRefused(certificate, directory, "tls-key: it cannot be read");
        assertRefused(key, certificate, "tls-cert: no certificate in PEM is in it");
    }
}
