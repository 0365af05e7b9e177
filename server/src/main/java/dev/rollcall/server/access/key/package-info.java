/** What the requests of a keyset are checked with, and the rights there are. */
@NullMarked
package dev.rollcall.server.access.key;

import org.jspecify.annotations.NullMarked;
