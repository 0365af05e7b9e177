/** Certificates and handshakes. */
@NullMarked
package dev.rollcall.server.http.tls;

import org.jspecify.annotations.NullMarked;
