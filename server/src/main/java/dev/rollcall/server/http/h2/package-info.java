/** Connections that speak HTTP/2. */
@NullMarked
package dev.rollcall.server.http.h2;

import org.jspecify.annotations.NullMarked;
