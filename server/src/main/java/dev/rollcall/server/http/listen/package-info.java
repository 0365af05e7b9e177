/** A listening socket, and what becomes of the connections that it accepts. */
@NullMarked
package dev.rollcall.server.http.listen;

import org.jspecify.annotations.NullMarked;
