package dev.rollcall.server.http.tls;

import dev.rollcall.server.http.TlsFiles;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;

/** Whether a private key is that of a certificate, which the TLS library finds out with the first handshake only. */
final class KeyMatch {
    private static final String BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String END = "-----END PRIVATE KEY-----";

    private KeyMatch() {}

    /** Returns false if the key is that of another certificate; true if it is of this one, or of a kind that is not known here. */
    static boolean test(TlsFiles files) throws IOException, GeneralSecurityException {
        PublicKey certified;
        try (InputStream in = Files.newInputStream(files.certificateChain())) {
            certified = CertificateFactory.getInstance("X.509")
                    .generateCertificate(in)
                    .getPublicKey();
        }
        String algorithm = certified.getAlgorithm();
        String pem = Files.readString(files.privateKey());
        int begin = pem.indexOf(BEGIN);
        int end = pem.indexOf(END);
        if (begin < 0 || end < begin || !algorithm.equals("RSA") && !algorithm.equals("EC")) {
            return true;
        }
        byte[] encoded = Base64.getMimeDecoder().decode(pem.substring(begin + BEGIN.length(), end));
        PrivateKey key;
        try {
            key = read(algorithm, encoded);
        } catch (InvalidKeySpecException e) {
            if (isReadable(algorithm.equals("RSA") ? "EC" : "RSA", encoded)) {
                return false;
            }
            throw e;
        }
        Signature signature = Signature.getInstance(algorithm.equals("RSA") ? "SHA256withRSA" : "SHA256withECDSA");
        byte[] text = {1, 2, 3};
        signature.initSign(key);
        signature.update(text);
        byte[] signed = signature.sign();
        signature.initVerify(certified);
        signature.update(text);
        return signature.verify(signed);
    }

    private static PrivateKey read(String algorithm, byte[] encoded) throws GeneralSecurityException {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
    }

    private static boolean isReadable(String algorithm, byte[] encoded) throws GeneralSecurityException {
        try {
            read(algorithm, encoded);
            return true;
        } catch (InvalidKeySpecException e) {
            return false;
        }
    }
}
