/** Grants of version 2 and revocations, and where they are kept. */
@NullMarked
package dev.rollcall.server.access.grant;

import org.jspecify.annotations.NullMarked;
