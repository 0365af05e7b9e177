/** Connections that speak HTTP/1, and the way from there to HTTP/2. */
@NullMarked
package dev.rollcall.server.http.h1;

import org.jspecify.annotations.NullMarked;
