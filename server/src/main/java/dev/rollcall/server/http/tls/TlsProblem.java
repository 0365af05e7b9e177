package dev.rollcall.server.http.tls;

import dev.rollcall.server.http.TlsFiles;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Says what is wrong with the files of a certificate that cannot be used, and what to do about it. */
final class TlsProblem {
    private TlsProblem() {}

    /** Returns why in one line, beginning with the setting of the file that is to blame, as far as that can be told. */
    static String of(TlsFiles files, Exception problem) {
        String certificate = readable(files.certificateChain());
        if (!certificate.contains("-----BEGIN CERTIFICATE-----")) {
            return "tls-cert: " + unreadable(files.certificateChain(), "no certificate in PEM is in it");
        }
        String key = readable(files.privateKey());
        Path file = files.privateKey();
        if (key.contains("-----BEGIN ENCRYPTED PRIVATE KEY-----") || key.contains("Proc-Type: 4,ENCRYPTED")) {
            return "tls-key: it has a password; \"openssl pkcs8 -topk8 -nodes -in " + file
                    + " -out NEW\" writes it without one";
        }
        if (key.contains("-----BEGIN RSA PRIVATE KEY-----") || key.contains("-----BEGIN EC PRIVATE KEY-----")) {
            return "tls-key: it is not in PKCS#8; \"openssl pkcs8 -topk8 -nodes -in " + file
                    + " -out NEW\" writes it so";
        }
        if (!key.contains("-----BEGIN PRIVATE KEY-----")) {
            return "tls-key: " + unreadable(file, "no private key in PEM is in it");
        }
        return String.valueOf(problem.getMessage());
    }

    private static String unreadable(Path file, String otherwise) {
        if (!Files.exists(file)) {
            return "there is no such file";
        }
        return Files.isRegularFile(file) && Files.isReadable(file) ? otherwise : "it cannot be read";
    }

    /** Returns the text of a file, and nothing of one that cannot be read. */
    private static String readable(Path file) {
        try {
            return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            return "";
        }
    }
}
