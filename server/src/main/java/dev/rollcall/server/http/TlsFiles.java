package dev.rollcall.server.http;

import java.nio.file.Path;

/**
 * The certificate of a server.
 *
 * @param certificateChain a PEM file: the certificate of the server first, then those that signed it
 * @param privateKey a PEM file: the private key of the first certificate, in PKCS#8, without a password
 */
public record TlsFiles(Path certificateChain, Path privateKey) {}
