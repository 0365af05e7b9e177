/** What the connections of one event loop share: their clock and outbox, the bytes of answers, and what is kept for clients that are slow. */
@NullMarked
package dev.rollcall.server.http.io;

import org.jspecify.annotations.NullMarked;
